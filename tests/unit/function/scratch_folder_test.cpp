#include "emulator/function/scratch_folder.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/scoped_variable.hpp"
#include "tests/support/temporary_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <optional>

using namespace kelvin;
using namespace kelvin::test;

TEST_CASE("the folder is made when it is needed and removed at the end") {
  temporary_folder parent;
  std::string path;
  {
    scratch_folder scratch(parent.path() + "/");
    path = scratch.path();
    CHECK(path.starts_with(parent.path() + "/kelvin-"));
    CHECK_FALSE(std::filesystem::exists(path));
    const auto one = scratch.make_folder("code");
    const auto two = scratch.make_folder("code");
    REQUIRE(succeeds(one));
    REQUIRE(succeeds(two));
    CHECK(*one != *two);
    struct stat status;
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0700);
    parent.write(one->substr(parent.path().size() + 1) + "/closed/file", "x");
    REQUIRE(chmod((*one + "/closed").c_str(), 0500) == 0);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("TMPDIR says where, if it is absolute") {
  CHECK(scratch_folder("/somewhere").path() != scratch_folder("/somewhere").path());
  const scoped_variable relative("TMPDIR", "relative");
  CHECK(scratch_folder().path().starts_with("/tmp/kelvin-"));
  const scoped_variable absolute("TMPDIR", "/var/tmp");
  CHECK(scratch_folder().path().starts_with("/var/tmp/kelvin-"));
}

TEST_CASE("a folder that cannot be made is explained") {
  scratch_folder scratch("/no/such/folder");
  CHECK(contains(failure_text(scratch.make_folder("code"), errc::system_failure), "set TMPDIR"));
}

TEST_CASE("a forked child leaves the folder alone") {
  temporary_folder parent;
  std::optional<scratch_folder> scratch(std::in_place, parent.path());
  REQUIRE(succeeds(scratch->make_folder("code")));
  const pid_t child = fork();
  if (child == 0) {
    scratch.reset();
    _exit(0);
  }
  int status = 1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(std::filesystem::exists(scratch->path()));
}
