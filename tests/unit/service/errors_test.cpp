#include "runtime-api/base/limits.hpp"
#include "tests/unit/service/service_fixture.hpp"

#include <doctest/doctest.h>

namespace {

using namespace kelvin;
using namespace kelvin::test;
using strings = std::vector<std::string>;

const std::string json_head = "\r\nContent-Type: application/json\r\n\r\n";
const std::string accepted = "HTTP/1.1 202 Accepted" + json_head + "{\"status\":\"OK\"}\n";
const std::string too_large = "HTTP/1.1 413 Payload Too Large" + json_head +
                              "{\"errorMessage\":\"Exceeded maximum allowed payload size (1048576 bytes).\","
                              "\"errorType\":\"RequestEntityTooLarge\"}\n";
const std::string truncated =
    "HTTP/1.1 400 Bad Request" + json_head +
    "{\"errorMessage\":\"HTTP request detected as truncated\",\"errorType\":\"TruncatedHTTPRequest\"}\n";
const std::string too_large_payload =
    "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size (1048576 bytes).\","
    "\"errorType\":\"Function.ResponseSizeTooLarge\"}";

std::string refused_transition(const std::string& from, const std::string& to) {
  return "HTTP/1.1 403 Forbidden" + json_head + "{\"errorMessage\":\"State transition from " + from + " to " + to +
         " failed for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}\n";
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: its bytes are passed on as they are, its type normalised") {
  hand_out_event();
  const std::string body = "{ \"errorMessage\" : \"m\",\n\"errorType\":\"T\",\"more\":1}";
  CHECK(run(runtime.error(id_text(), body, "Lambda-Runtime-Function-Error-Type: unhandled\r\n")).essence() == accepted);
  CHECK(observer.log == strings{"error"});
  REQUIRE(observer.errors.size() == 1);
  CHECK(observer.errors[0].body.view() == body);
  CHECK(observer.errors[0].error_type == "Runtime.Unknown");
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: chunked with empty trailers, as Go sends it") {
  hand_out_event();
  CHECK(say("POST /2018-06-01/runtime/invocation/{id}/error HTTP/1.1\r\nHost: {endpoint}\r\n"
            "Transfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Body\r\n"
            "Lambda-Runtime-Function-XRay-Error-Cause: {\"x\":1}\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
            .essence() == accepted);
  CHECK(observer.errors.at(0).body.view() == "{}");
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: X-Ray causes of any kind change nothing") {
  hand_out_event();
  SUBCASE("empty") {
    CHECK(run(runtime.error(id_text(), "{}", "Lambda-Runtime-Function-XRay-Error-Cause: \r\n")).status() == 202);
  }
  SUBCASE("not JSON") {
    CHECK(run(runtime.error(id_text(), "{}", "Lambda-Runtime-Function-XRay-Error-Cause: {\r\n")).status() == 202);
  }
  SUBCASE("of the largest size that clients send") {
    const std::string cause(1024 * 1024 - 2, 'x');
    CHECK(run(runtime.error(id_text(), "{}", "Lambda-Runtime-Function-XRay-Error-Cause: \"" + cause + "\"\r\n"))
              .status() == 202);
  }
  CHECK(observer.errors.at(0).body.view() == "{}");
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: errorCause is stripped") {
  hand_out_event();
  const std::string type = "Content-Type: application/vnd.aws.lambda.error.cause+json\r\n";
  SUBCASE("from an object") {
    CHECK(run(runtime.error(id_text(), R"({"errorCause":{"x":[]},"errorType":"T","errorMessage":"m"})", type))
              .essence() == accepted);
    CHECK(observer.errors.at(0).body.view() == R"({"errorMessage":"m","errorType":"T"})");
  }
  SUBCASE("and what is no object replaced") {
    CHECK(run(runtime.error(id_text(), "oops", type)).essence() == accepted);
    CHECK(observer.errors.at(0).body.view() == "\"Invalid error body\"");
  }
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: the environment goes on with next") {
  hand_out_event();
  CHECK(run(runtime.error(id_text(), "{}")).status() == 202);
  CHECK(run(runtime.error(id_text(), "{}")).essence() ==
        refused_transition("RuntimeResponseSentState", "InvocationErrorResponse"));
  CHECK(run(runtime.respond(id_text(), "{}")).essence() ==
        refused_transition("RuntimeResponseSentState", "InvocationResponse"));
  observer.at_next = [this] { api->dispatch(event()); };
  CHECK(run(runtime.next()).status() == 200);
  CHECK(observer.log == strings{"error", "next"});
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: wrong id") {
  hand_out_event();
  CHECK(run(runtime.error("other", std::string(2'000'000, 'x'))).essence() ==
        "HTTP/1.1 400 Bad Request" + json_head +
            "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n");
  CHECK(observer.log.empty());
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: over its limit the caller still gets an error") {
  hand_out_event();
  CHECK(run(runtime.error(id_text(), std::string(limits::runtime_error_bytes + 1, 'x'))).essence() == too_large);
  REQUIRE(observer.errors.size() == 1);
  CHECK(observer.errors[0].body.view() == too_large_payload);
  CHECK(observer.errors[0].error_type == "Function.ResponseSizeTooLarge");
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: at its limit it is passed on") {
  hand_out_event();
  CHECK(run(runtime.error(id_text(), std::string(limits::runtime_error_bytes, 'x'))).essence() == accepted);
  CHECK(observer.errors.at(0).body.size() == limits::runtime_error_bytes);
}

TEST_CASE_FIXTURE(service_fixture, "invocation error: cut short") {
  hand_out_event();
  wire_connection wire(context);
  run(wire.connect(api->endpoint()));
  run(
      wire.send(fill_in("POST /2018-06-01/runtime/invocation/{id}/error HTTP/1.1\r\nHost: {endpoint}\r\n"
                        "Content-Length: 10\r\n\r\n{")));
  wire.shutdown_send();
  CHECK(run(wire.receive()).essence() == truncated);
  REQUIRE(observer.errors.size() == 1);
  CHECK(observer.errors[0].error_type == "Runtime.TruncatedResponse");
  CHECK(observer.errors[0].body.view() == fill_in("{\"errorType\":\"Runtime.TruncatedResponse\",\"errorMessage\":"
                                                  "\"RequestId: {id} Error: HTTP request detected as truncated\"}"));
}

TEST_CASE_FIXTURE(service_fixture, "init error: accepted once, before the first next only") {
  CHECK(run(runtime.init_error("{\"errorType\":\"T\"}",
                               "Lambda-Runtime-Function-Error-Type: Runtime.BadFunctionCode\r\n"))
            .essence() == accepted);
  CHECK(observer.log == strings{"connect", "init error"});
  CHECK(observer.errors.at(0).body.view() == "{\"errorType\":\"T\"}");
  CHECK(observer.errors.at(0).error_type == "Runtime.BadFunctionCode");
  CHECK(run(runtime.init_error("{}")).essence() == refused_transition("InitError", "InitError"));
  CHECK(run(runtime.next()).essence() == refused_transition("InitError", "Ready"));
  CHECK(observer.log.size() == 2);
}

TEST_CASE_FIXTURE(service_fixture, "init error: refused after next, with the state's name") {
  hand_out_event();
  CHECK(run(runtime.init_error("{}")).essence() == refused_transition("Running", "InitError"));
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
  CHECK(run(runtime.init_error("{}")).essence() == refused_transition("RuntimeResponseSentState", "InitError"));
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  CHECK(say("POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {endpoint}\r\nContent-Length: 2\r\n\r\n{}")
            .essence() == refused_transition("Ready", "InitError"));
  CHECK(observer.log == strings{"response", "next"});
}

TEST_CASE_FIXTURE(service_fixture, "init error: over its limit, and cut short") {
  SUBCASE("over its limit") {
    CHECK(run(runtime.init_error(std::string(limits::runtime_error_bytes + 1, 'x'))).essence() == too_large);
    CHECK(observer.errors.at(0).body.view() == too_large_payload);
  }
  SUBCASE("cut short") {
    wire_connection wire(context);
    run(wire.connect(api->endpoint()));
    run(
        wire.send(fill_in("POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {endpoint}\r\n"
                          "Content-Length: 10\r\n\r\n{")));
    wire.shutdown_send();
    CHECK(run(wire.receive()).essence() == truncated);
    CHECK(observer.errors.at(0).error_type == "Runtime.TruncatedResponse");
  }
}

TEST_CASE_FIXTURE(service_fixture, "init error: concerns the runtime, whatever happens to the invocation meanwhile") {
  api->dispatch(event());
  wire_connection slow(context);
  run(slow.connect(api->endpoint()));
  run(
      slow.send(fill_in("POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {endpoint}\r\n"
                        "Content-Length: 4\r\n\r\nab")));
  settle();
  api->invocation_over();
  run(slow.send("cd"));
  CHECK(run(slow.receive()).essence() == accepted);
  CHECK(observer.errors.at(0).body.view() == "abcd");
}

}  // namespace
