#include "emulator/environment/outcomes.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace std::chrono_literals;
using verdict = service::runtime_response::verdict;

namespace {

outcome_answer answer_of(verdict what, std::string_view body = {}) {
  service::runtime_response response;
  response.what = what;
  response.body = payload(body);
  response.content_type = "application/json";
  return answer_for(std::move(response), request_id());
}

const std::string zero_id(36, '0');

}  // namespace

TEST_CASE("a whole answer passes through byte for byte, with its content type") {
  const std::string bytes("\0\xff{}", 4);
  const auto answer = answer_of(verdict::complete, bytes);
  const auto* success = std::get_if<invocation_success>(&answer);
  REQUIRE(success != nullptr);
  CHECK(success->response.view() == bytes);
  CHECK(success->content_type == "application/json");
}

TEST_CASE("broken answers become AWS's function errors") {
  const auto error_of = [](const outcome_answer& answer) {
    return std::string(std::get<function_error>(answer).error.view());
  };
  CHECK(error_of(answer_of(verdict::too_large)) ==
        R"({"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).",)"
        R"("errorType":"Function.ResponseSizeTooLarge"})");
  CHECK(error_of(answer_of(verdict::truncated)) ==
        R"({"errorType":"Runtime.TruncatedResponse","errorMessage":"RequestId: )" + zero_id +
            R"( Error: HTTP request detected as truncated"})");
  CHECK(error_of(answer_of(verdict::invalid_mode)) ==
        R"({"errorType":"Runtime.InvalidResponseModeHeader","errorMessage":"RequestId: )" + zero_id +
            R"( Error: Invalid function response mode"})");
}

TEST_CASE("a stream that failed midway gives the error of its trailers") {
  service::runtime_response response;
  response.what = verdict::failed_midway;
  response.error_type = "errorString";
  response.error_body = payload(R"({"errorMessage":"x","errorType":"errorString"})");
  const auto answer = answer_for(std::move(response), request_id());
  CHECK(std::get<function_error>(answer).error.view() == R"({"errorMessage":"x","errorType":"errorString"})");
  CHECK(std::get<function_error>(answer).error_type == "errorString");
}

TEST_CASE("billing adds init and invocation first and rounds up once") {
  using microseconds = std::chrono::microseconds;
  CHECK(billed_duration_ms(microseconds(110100), microseconds(3010)) == 114);
  CHECK(billed_duration_ms(microseconds(1293830), microseconds(1049630)) == 2344);
  CHECK(billed_duration_ms(std::nullopt, microseconds(3010)) == 4);
  CHECK(billed_duration_ms(std::nullopt, microseconds(3000)) == 3);
  CHECK(billed_duration_ms(std::nullopt, duration::zero()) == 1);
}

TEST_CASE("the log lines of a timeout and of a crash") {
  const wall_time when{std::chrono::milliseconds(1712595380123)};
  CHECK(timeout_line(when, request_id(), "Task timed out after 1.00 seconds") ==
        "2024-04-08T16:56:20.123Z " + zero_id + " Task timed out after 1.00 seconds\n");
  CHECK(fault_line(request_id(), "Runtime exited with error: exit status 1", "Runtime.ExitError") ==
        "RequestId: " + zero_id + " Error: Runtime exited with error: exit status 1\nRuntime.ExitError");
}
