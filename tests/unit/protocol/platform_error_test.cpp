#include "runtime-api/protocol/platform_error.hpp"

#include "runtime-api/base/limits.hpp"
#include "runtime-api/protocol/error_types.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace kelvin::protocol;
using namespace std::chrono_literals;

TEST_CASE("a platform-made error has AWS's key order and wording") {
  const auto id = kelvin::request_id::generate();
  CHECK(platform_error(error_types::runtime_exit_error, id, exit_message(false, 1)).view() ==
        "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: " + std::string(id.text()) +
            " Error: Runtime exited with error: exit status 1\"}");
  CHECK(platform_error(error_types::sandbox_timed_out, id, timeout_message(3s)).view() ==
        "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " + std::string(id.text()) +
            " Error: Task timed out after 3.00 seconds\"}");
  CHECK(platform_error(error_types::runtime_invalid_entrypoint, std::nullopt, "fork/exec /var/task/\"x\": no").view() ==
        R"({"errorType":"Runtime.InvalidEntrypoint","errorMessage":"Error: fork/exec /var/task/\"x\": no"})");
}

TEST_CASE("exits are worded as on AWS") {
  CHECK(exit_message(false, 0) == "Runtime exited without providing a reason");
  CHECK(exit_message(false, 127) == "Runtime exited with error: exit status 127");
  CHECK(exit_message(true, 9) == "Runtime exited with error: signal: killed");
  CHECK(exit_message(true, 11) == "Runtime exited with error: signal: segmentation fault");
  CHECK(exit_message(true, 6) == "Runtime exited with error: signal: aborted");
  CHECK(exit_message(true, 15) == "Runtime exited with error: signal: terminated");
  CHECK(exit_message(true, 1) == "Runtime exited with error: signal: hangup");
  CHECK(exit_message(true, 31) == "Runtime exited with error: signal: signal 31");
  CHECK(exit_message(true, 0) == "Runtime exited with error: signal: signal 0");
}

TEST_CASE("timeouts are told in seconds with two decimals") {
  CHECK(timeout_message(3s) == "Task timed out after 3.00 seconds");
  CHECK(timeout_message(1500ms) == "Task timed out after 1.50 seconds");
  CHECK(timeout_message(900s) == "Task timed out after 900.00 seconds");
}

TEST_CASE("an answer over the limit has AWS's text") {
  CHECK(response_too_large_error(kelvin::limits::response_bytes).view() ==
        "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size (6291556 bytes).\","
        "\"errorType\":\"Function.ResponseSizeTooLarge\"}");
}

}  // namespace
