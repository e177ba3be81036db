#include "emulator/watch/artifact_facts.hpp"

#include "emulator/watch/open_file.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace kelvin {
namespace {

artifact_facts look(const std::string& path, artifact_kind kind = artifact_kind::program) {
  const auto facts = look_at_artifact(path, kind);
  REQUIRE(test::succeeds(facts));
  return *facts;
}

TEST_CASE("the facts of a program") {
  test::temporary_folder folder;
  const std::string program = folder.write_script("bootstrap");
  std::filesystem::create_symlink("bootstrap", folder / "link");
  const artifact_facts facts = look(program);
  CHECK(facts.exists);
  CHECK(facts.is_regular);
  CHECK(facts.is_executable);
  CHECK(facts.mode == 0755);
  CHECK(facts.size_bytes == 17);
  CHECK(facts.writer == writer_state::none);
  CHECK(facts.whole == wholeness::whole);
  CHECK(look(program) == facts);
  CHECK(look(folder / "link") == facts);

  REQUIRE(::chmod(program.c_str(), 0644) == 0);
  CHECK(look(program) != facts);
  CHECK_FALSE(look(program).is_executable);
  const artifact_facts other = look(folder.write_script("other"));
  CHECK(other.inode != facts.inode);
  CHECK(look(folder.write("cut", "#!/bin/s", 0755)).whole == wholeness::incomplete);
}

TEST_CASE("who writes a file is seen as long as it is open") {
  test::temporary_folder folder;
  const std::string program = folder.write_script("bootstrap");
  {
    const open_file writing(program, O_WRONLY);
    REQUIRE(writing);
    CHECK(look(program).writer == writer_state::open);
  }
  CHECK(look(program).writer == writer_state::none);
  // As some linkers do: mapped, and closed before it is written.
  open_file mapped(program, O_RDWR);
  void* memory = ::mmap(nullptr, 17, PROT_READ | PROT_WRITE, MAP_SHARED, mapped.get(), 0);
  REQUIRE(memory != MAP_FAILED);
  mapped.close();
  CHECK(look(program).writer == writer_state::open);
  ::munmap(memory, 17);
  CHECK(look(program).writer == writer_state::none);
  // The question leaves nothing behind that would keep a writer out.
  CHECK(open_file(program, O_WRONLY));
}

TEST_CASE("what is not there, no file or not to be asked about") {
  test::temporary_folder folder;
  CHECK(look(folder / "none") == artifact_facts{});
  CHECK(look(folder.write("file", "") + "/none") == artifact_facts{});
  std::filesystem::create_symlink("loop", folder / "loop");
  CHECK_FALSE(look(folder / "loop").exists);

  CHECK(look(folder.path()).exists);
  CHECK_FALSE(look(folder.path()).is_regular);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(look(folder / "pipe").is_regular);

  const std::string document = folder.write("template.yaml", "#!");
  const open_file writing(document, O_WRONLY);
  CHECK(look(document, artifact_kind::document).writer == writer_state::unknown);
  CHECK(look(document, artifact_kind::document).whole == wholeness::unknown);
}

TEST_CASE("a file that may not be read" * doctest::skip(::geteuid() == 0)) {
  test::temporary_folder folder;
  const auto facts = look_at_artifact(folder.write("bootstrap", "x", 0), artifact_kind::program);
  CHECK(test::contains(test::failure_text(facts, errc::permission_denied), "cannot read"));
}

}  // namespace
}  // namespace kelvin
