#include "emulator/function/code_artifact.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <cstdio>

using namespace kelvin;
using namespace kelvin::test;

namespace {

std::string hexadecimal(const std::array<unsigned char, 32>& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

struct fixture {
  temporary_folder folder;
  code_artifacts artifacts;
  boost::asio::io_context context{1};

  result<code_artifact> measure(const std::string& target, const std::string& bootstrap) {
    function_configuration function;
    function.name = "f";
    function.target = target;
    function.code_folder = folder.path();
    function.bootstrap = bootstrap;
    return run_coroutine(context, artifacts.measure(function));
  }
  static void set_modified(const std::string& path, std::time_t seconds) {
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "the bootstrap file is measured: its size and SHA-256") {
  const auto path = folder.write("bootstrap", "abc", 0755);
  const auto found = measure(path, path);
  REQUIRE(succeeds(found));
  CHECK(found->path == path);
  CHECK(found->size_bytes == 3);
  CHECK(hexadecimal(found->sha256) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE_FIXTURE(fixture, "a file of many pieces is hashed whole") {
  const auto path = folder.write("bootstrap", std::string(1'000'000, 'a'), 0755);
  const auto found = measure(path, path);
  REQUIRE(succeeds(found));
  CHECK(found->size_bytes == 1'000'000);
  CHECK(hexadecimal(found->sha256) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE_FIXTURE(fixture, "of a zip its own bytes count, not what is in it") {
  const auto bootstrap = folder.write("code/bootstrap", "abc", 0755);
  const auto zip = folder.write("function.zip", "PK\x03\x04 and so on");
  const auto found = measure(zip, bootstrap);
  REQUIRE(succeeds(found));
  CHECK(found->path == zip);
  CHECK(found->size_bytes == read_file(zip).size());
}

TEST_CASE_FIXTURE(fixture, "a file that changes is measured again, one that does not is not read again") {
  const auto path = folder.write("bootstrap", "abc", 0755);
  set_modified(path, 1'000);
  REQUIRE(measure(path, path)->size_bytes == 3);
  // Neither size nor time changes, so that only a second reading could tell.
  folder.write("bootstrap", "xyz", 0755);
  set_modified(path, 1'000);
  CHECK(hexadecimal(measure(path, path)->sha256).starts_with("ba7816bf"));
  set_modified(path, 2'000);
  CHECK_FALSE(hexadecimal(measure(path, path)->sha256).starts_with("ba7816bf"));
  folder.write("bootstrap", "abcd", 0755);
  CHECK(measure(path, path)->size_bytes == 4);
}

TEST_CASE_FIXTURE(fixture, "LastModified is the newest file's of a folder that was named, else the artifact's own") {
  const auto path = folder.write("bootstrap", "abc", 0755);
  const auto other = folder.write("deep/handler.js", "x");
  set_modified(path, 1'000);
  set_modified(other, 5'000);
  CHECK(measure(path, path)->last_modified == wall_time(std::chrono::seconds(1'000)));
  CHECK(measure(folder.path(), path)->last_modified == wall_time(std::chrono::seconds(5'000)));
}

TEST_CASE_FIXTURE(fixture, "code that cannot be read is named") {
  const std::string path = folder / "gone";
  CHECK(contains(failure_text(measure(path, path), errc::system_failure), path + ": No such file"));
}
