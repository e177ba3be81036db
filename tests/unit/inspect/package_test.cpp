#include "emulator/inspect/package.hpp"

#include "emulator/inspect/byte_text.hpp"
#include "emulator/inspect/code_facts.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/function/zip_builder.hpp"

#include <elf.h>
#include <unistd.h>

#include <algorithm>

using namespace kelvin;
using namespace kelvin::inspection;
using namespace kelvin::test;

namespace {

package listed(const std::string& path) {
  auto made = list_package(path);
  REQUIRE(succeeds(made));
  return std::move(*made);
}

code_facts gathered(const std::string& path, std::vector<std::string> layers = {}) {
  auto made = gather_code_facts({"", path, std::move(layers), find_system("provided.al2023"), EM_X86_64});
  REQUIRE(succeeds(made));
  return std::move(*made);
}

}  // namespace

TEST_CASE("package: a file, a folder and a zip are listed alike") {
  const temporary_folder folder;
  folder.write("code/bootstrap", "#!/bin/sh\n", 0755);
  folder.write("code/lib/data", "12345", 0640);
  REQUIRE(symlink("nowhere", (folder / "code/dangling").c_str()) == 0);
  zip_builder(folder / "code.zip").add("bootstrap", "#!/bin/sh\n", 0755).add("lib/data", "12345", 0640);
  for (const char* name : {"code", "code.zip"}) {
    CAPTURE(name);
    package made = listed(folder / name);
    std::sort(made.files.begin(), made.files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    REQUIRE(made.files.size() == 2);
    CHECK(made.problems.empty());
    CHECK(made.unpacked_bytes == 15);
    CHECK(made.files[0].name == "bootstrap");
    CHECK((made.files[0].mode & 0777) == 0755);
    CHECK(made.files[1].name == "lib/data");
    CHECK((made.files[1].mode & 0777) == 0640);
    CHECK(read_file(made, made.files[1], 1000).value() == "12345");
    CHECK(read_file(made, made.files[1], 2).value() == "12");
  }
  const package file = listed(folder / "code/bootstrap");
  CHECK(file.kind == package_kind::file);
  CHECK(read_file(file, file.files.at(0), 1000).value() == "#!/bin/sh\n");
  CHECK(failure_text(list_package(folder / "none"), errc::not_found).find("does not exist") != std::string::npos);
}

TEST_CASE("package: zips that AWS would refuse have problems, not failures") {
  const temporary_folder folder;
  const auto problem = [&](const char* name) {
    const package made = listed(folder / name);
    REQUIRE(made.problems.size() == 1);
    return made.problems[0];
  };
  folder.write("none.zip", "no zip at all");
  CHECK(contains(problem("none.zip"), "no zip archive"));
  zip_builder(folder / "bare.zip").close();
  folder.write("empty.zip", "ahead" + read_file(folder / "bare.zip"));
  CHECK(contains(problem("empty.zip"), "empty"));
  zip_builder(folder / "out.zip").add("../out", "1");
  CHECK(contains(problem("out.zip"), "leads out"));
  zip_builder(folder / "whole.zip").add("bootstrap", std::string(5000, 'x'), 0755, {3, 0, 0});
  std::string content = read_file(folder / "whole.zip");
  folder.write("cut.zip", content.substr(0, content.size() / 2));
  CHECK(contains(problem("cut.zip"), "no zip archive"));
  content[2000] = 'y';
  folder.write("changed.zip", content);
  const code_facts changed = gathered(folder / "changed.zip");
  REQUIRE(changed.problems.size() == 1);
  CHECK(contains(changed.problems[0], "cannot be unpacked"));
}

TEST_CASE("code: the bootstrap of the package, else of a layer, through links") {
  const temporary_folder folder;
  zip_builder(folder / "code.zip").add("app", "#!/bin/sh\n", 0755).add("bootstrap", "app", S_IFLNK | 0777);
  const code_facts linked = gathered(folder / "code.zip");
  REQUIRE(linked.bootstrap);
  CHECK(linked.bootstrap->kind == program_facts::kind_of::script);
  CHECK(linked.bootstrap->script_line == "/bin/sh");

  zip_builder(folder / "loop.zip").add("bootstrap", "bootstrap", S_IFLNK | 0777);
  const code_facts loop = gathered(folder / "loop.zip");
  CHECK_FALSE(loop.bootstrap);
  CHECK(loop.problems.size() == 1);

  folder.write("handler/data", "1");
  folder.write("layer/bootstrap", "", 0755);
  const code_facts layered = gathered(folder / "handler", {folder / "layer"});
  REQUIRE(layered.bootstrap);
  CHECK(layered.bootstrap->path == "/opt/bootstrap");
  CHECK(layered.bootstrap->kind == program_facts::kind_of::empty);
}

TEST_CASE("sizes for people, versions for comparison") {
  CHECK(byte_text(0) == "0 B");
  CHECK(byte_text(1023) == "1023 B");
  CHECK(byte_text(1024) == "1.0 KB");
  CHECK(byte_text(2'411'725) == "2.3 MB");
  CHECK(version_behind("GLIBC_2.34", "GLIBC_") == version_numbers{2, 34});
  CHECK(text_of(version_numbers{3, 4, 29}) == "3.4.29");
  for (const char* text : {"GLIBC_PRIVATE", "GLIBC_", "GLIBC_2.", "GLIBC_2.x", "GLIBCXX_3", "GLIBC_99999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(version_behind(text, "GLIBC_"));
  }
  CHECK(find_system("provided.al2023") != nullptr);
  CHECK(find_system("python3.12") == nullptr);
}
