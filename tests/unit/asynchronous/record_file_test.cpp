#include "emulator/event_source/asynchronous/record_file.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <sys/stat.h>

using namespace kelvin;
using namespace kelvin::test;

TEST_CASE("records are appended, a line each") {
  const temporary_folder folder;
  const std::string path = folder / "records";
  REQUIRE(succeeds(check_record_file(path)));
  CHECK(read_file(path).empty());
  REQUIRE(succeeds(append_record(path, "{\"a\":\r\n1}")));
  REQUIRE(succeeds(append_record(path, "{}")));
  CHECK(read_file(path) == "{\"a\":  1}\n{}\n");
}

TEST_CASE("what cannot be written is named, and nothing waits for it") {
  const temporary_folder folder;
  const std::string missing = folder / "none/records";
  CHECK(contains(failure_text(check_record_file(missing), errc::system_failure), missing + ": No such file"));
  CHECK(contains(failure_text(append_record(missing, "{}"), errc::system_failure), "Name a file in a folder"));
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  failure_text(append_record(pipe, "{}"), errc::system_failure);
}
