#include "emulator/observability/log_lines.hpp"

#include <doctest/doctest.h>

using namespace kelvin;

namespace {

const environment_label environment{"f", "2026/01/02/[$LATEST]0123456789abcdef0123456789abcdef"};

/// A request id that was not set: all zero.
const std::string zeros(request_id().text());

duration milliseconds(double value) {
  return duration(static_cast<duration::rep>(value * 1'000'000 + 0.5));
}

std::string lines(const lifecycle_event& event) {
  std::string log;
  append_log_lines(log, event);
  return log;
}

platform_report report() {
  return {environment, {}, milliseconds(3.01), milliseconds(110.10), 114, 128, 36, completion_status::success, {}};
}

std::string printed(duration value) {
  std::string text;
  append_milliseconds(text, value);
  return text;
}

}  // namespace

TEST_CASE("START and END") {
  CHECK(lines(platform_start{environment, {}, "$LATEST"}) == "START RequestId: " + zeros + " Version: $LATEST\n");
  CHECK(lines(platform_runtime_done{environment, {}, completion_status::error}) == "END RequestId: " + zeros + "\n");
}

TEST_CASE("REPORT of a cold, a warm, a timed out and a crashed invocation") {
  const std::string begin = "REPORT RequestId: " + zeros + "\tDuration: ";
  // The figures of a line recorded on AWS; a custom runtime is billed for its init.
  CHECK(lines(report()) == begin +
                               "3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t"
                               "Init Duration: 110.10 ms\t\n");
  platform_report warm = report();
  warm.init_duration.reset();
  warm.invoke_duration = milliseconds(0.8);
  warm.billed_duration_ms = 1;
  const std::string warm_line =
      begin + "0.80 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t\n";
  CHECK(lines(warm) == warm_line);
  warm.status = completion_status::failure;  // a handler's own error
  CHECK(lines(warm) == warm_line);

  platform_report late = report();
  late.invoke_duration = milliseconds(3000);
  late.billed_duration_ms = 3111;
  late.status = completion_status::timeout;
  CHECK(lines(late) == begin +
                           "3000.00 ms\tBilled Duration: 3111 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t"
                           "Init Duration: 110.10 ms\tStatus: timeout\t\n");
  platform_report crashed = warm;
  crashed.status = completion_status::error;
  crashed.error_type = "Runtime.ExitError";
  CHECK(lines(crashed) == begin +
                              "0.80 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t"
                              "Status: error\tError Type: Runtime.ExitError\t\n");
}

TEST_CASE("INIT_REPORT") {
  CHECK(lines(platform_init_report{environment, phase::init, milliseconds(9999.81), completion_status::timeout, {}}) ==
        "INIT_REPORT Init Duration: 9999.81 ms\tPhase: init\tStatus: timeout\n");
  CHECK(lines(platform_init_report{environment, phase::invoke, milliseconds(12.34), completion_status::error,
                                   "Runtime.ExitError"}) ==
        "INIT_REPORT Init Duration: 12.34 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError\n");
}

TEST_CASE("faults and the function's own lines are written as they are") {
  CHECK(lines(platform_fault{environment,
                             {},
                             "RequestId: x Error: Runtime exited with error: exit status 1\n"
                             "Runtime.ExitError"}) ==
        "RequestId: x Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n");
  CHECK(lines(function_output{environment, output_stream::standard_error, "a\tb\x1b[0m"}) == "a\tb\x1b[0m\n");
  CHECK(lines(function_output{environment, output_stream::standard_output, ""}) == "\n");
}

TEST_CASE("events without a line of AWS's append nothing") {
  CHECK(lines(platform_init_start{environment, phase::init}).empty());
  CHECK(lines(platform_init_runtime_done{environment, phase::init, {}}).empty());
  CHECK(lines(environment_ended{environment}).empty());
  CHECK(lines(notice{notice_level::error, "text"}).empty());
}

TEST_CASE("milliseconds have two decimals, rounded") {
  CHECK(printed(duration(0)) == "0.00");
  CHECK(printed(duration(4'999)) == "0.00");
  CHECK(printed(duration(5'000)) == "0.01");
  CHECK(printed(duration(9'995'000)) == "10.00");
  CHECK(printed(duration(1'234'567'890)) == "1234.57");
  CHECK(printed(std::chrono::seconds(900)) == "900000.00");
  CHECK(printed(duration(-1)) == "0.00");
}

TEST_CASE("lines are appended to what is there") {
  std::string log = "before\n";
  append_log_lines(log, function_output{environment, output_stream::standard_output, "x"});
  append_log_lines(log, function_output{environment, output_stream::standard_output, "y"});
  CHECK(log == "before\nx\ny\n");
}
