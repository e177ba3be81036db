#include "emulator/frontdoor/invoke_api/to_response.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace kelvin::frontdoor;

namespace {

/// `status\r\nfields\r\nbody`, the request id replaced by `ID`.
std::string written(const invocation_outcome& outcome) {
  const request_id id = request_id::generate();
  std::string storage;
  const http::response answer = to_response(outcome, id, storage);
  std::string fields = answer.fields;
  fields.replace(fields.find(id.text()), request_id::length, "ID");
  return std::to_string(answer.status) + "\r\n" + fields + "\r\n" + std::string(answer.body);
}

}  // namespace

TEST_CASE("a success is the function's bytes") {
  CHECK(written({invocation_success{payload("{ \"a\":1}"), "text/plain"}, "", ""}) ==
        "200\r\nx-amzn-RequestId: ID\r\nContent-Type: application/json\r\nx-amzn-Remapped-Content-Length: 0\r\n"
        "X-Amz-Executed-Version: $LATEST\r\n\r\n{ \"a\":1}");
}

TEST_CASE("an empty answer is the JSON null") {
  CHECK(written({invocation_success{payload(), ""}, "", ""}).ends_with("\r\n\r\nnull"));
}

TEST_CASE("a function error is still a 200, and says so") {
  CHECK(written({function_error{payload("{\"errorType\":\"Runtime.ExitError\"}"), "Runtime.ExitError"}, "", ""}) ==
        "200\r\nx-amzn-RequestId: ID\r\nContent-Type: application/json\r\nx-amzn-Remapped-Content-Length: 0\r\n"
        "X-Amz-Executed-Version: $LATEST\r\nX-Amz-Function-Error: Unhandled\r\n\r\n"
        "{\"errorType\":\"Runtime.ExitError\"}");
}

TEST_CASE("log tail and trace id are given where they are known") {
  const std::string text = written({invocation_success{payload("1"), ""}, "START\nEND\n",
                                    "Root=1-5F0a-bC;Parent=aB;Sampled=0;Lineage=1:9A3f0624:0"});
  CHECK(text.find("X-Amz-Log-Result: U1RBUlQKRU5ECg==\r\n") != std::string::npos);
  CHECK(text.find("X-Amzn-Trace-Id: root=1-5F0a-bC;parent=aB;sampled=0;lineage=1:9A3f0624:0\r\n") != std::string::npos);
}

TEST_CASE("a throttle is AWS's 429") {
  CHECK(written({throttled{throttle_reason::reserved_function_concurrent_invocation_limit_exceeded}, "", ""}) ==
        "429\r\nx-amzn-RequestId: ID\r\nContent-Type: application/json\r\nx-amzn-ErrorType: "
        "TooManyRequestsException\r\nRetry-After: 1\r\n\r\n"
        "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\","
        "\"message\":\"Rate Exceeded.\"}");
  CHECK(written({throttled{throttle_reason::concurrent_invocation_limit_exceeded}, "", ""})
            .ends_with("{\"Reason\":\"ConcurrentInvocationLimitExceeded\",\"Type\":\"User\",\"message\":\"Rate "
                       "Exceeded.\"}"));
  CHECK(written({throttled{throttle_reason::environments_exhausted}, "", ""}).find("--environments") !=
        std::string::npos);
}

TEST_CASE("a failure of kelvin is AWS's 500") {
  CHECK(written({service_failure{"kelvin is stopping"}, "", ""}) ==
        "500\r\nx-amzn-RequestId: ID\r\nContent-Type: application/json\r\nx-amzn-ErrorType: ServiceException\r\n\r\n"
        "{\"Type\":\"Service\",\"Message\":\"kelvin is stopping\"}");
}

TEST_CASE("a dry run is a 204 without a body") {
  const http::response answer = to_dry_run_response(request_id());
  CHECK(answer.status == 204);
  CHECK(answer.body.empty());
  CHECK(answer.fields.find("Content-Type") == std::string::npos);
}
