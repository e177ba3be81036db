#include "runtime-api/base/limits.hpp"
#include "tests/unit/service/service_fixture.hpp"

#include <doctest/doctest.h>

namespace {

using namespace kelvin;
using namespace kelvin::test;
using strings = std::vector<std::string>;
using verdict = service::runtime_response::verdict;

const std::string json_head = "\r\nContent-Type: application/json\r\n\r\n";
const std::string accepted = "HTTP/1.1 202 Accepted" + json_head + "{\"status\":\"OK\"}\n";
const std::string bad_id = "HTTP/1.1 400 Bad Request" + json_head +
                           "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n";

std::string refused_transition(const std::string& from, const std::string& to) {
  return "HTTP/1.1 403 Forbidden" + json_head + "{\"errorMessage\":\"State transition from " + from + " to " + to +
         " failed for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}\n";
}

const std::string post_response = "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: {endpoint}\r\n";

TEST_CASE_FIXTURE(service_fixture, "response: accepted, its bytes and content type passed on") {
  hand_out_event();
  const std::string body("not\0JSON", 8);
  CHECK(run(runtime.respond(id_text(), body, "Content-Type: x/y\r\n")).essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  const auto& response = observer.responses[0];
  CHECK(response.what == verdict::complete);
  CHECK(response.body.view() == body);
  CHECK(response.content_type == "x/y");
  CHECK_FALSE(response.streaming);
}

TEST_CASE_FIXTURE(service_fixture, "response: the observer is told before the runtime is answered") {
  hand_out_event();
  bool told = false;
  observer.at_response = [&] { told = true; };
  wire_connection wire(context);
  run(wire.connect(api->endpoint()));
  run(wire.send(fill_in(post_response + "Content-Length: 2\r\n\r\n{}")));
  REQUIRE(until([&] { return told; }));
  CHECK(run(wire.receive()).essence() == accepted);
}

TEST_CASE_FIXTURE(service_fixture, "response: chunked without a content type, split anywhere") {
  hand_out_event();
  wire_connection wire(context);
  run(wire.connect(api->endpoint()));
  for (const char byte :
       fill_in(post_response + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) {
    run(wire.send(std::string(1, byte)));
    settle();
  }
  CHECK(run(wire.receive()).essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].body.view() == "abcde");
  CHECK(observer.responses[0].content_type.empty());
}

TEST_CASE_FIXTURE(service_fixture, "response: an empty body is an answer") {
  hand_out_event();
  CHECK(run(runtime.respond(id_text(), "")).essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].what == verdict::complete);
  CHECK(observer.responses[0].body.empty());
}

TEST_CASE_FIXTURE(service_fixture, "response: streaming mode") {
  hand_out_event();
  const std::string mode = "Lambda-Runtime-Function-Response-Mode: streaming\r\nTrailer: a\r\nTrailer: b\r\n";
  CHECK(say(post_response + mode + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].streaming);
  CHECK(observer.responses[0].what == verdict::complete);
  CHECK(observer.responses[0].body.view() == "abc");
}

TEST_CASE_FIXTURE(service_fixture, "response: any other mode is refused and ends the invocation") {
  for (const std::string mode : {"buffered", "Streaming", "x"}) {
    CAPTURE(mode);
    api->reset();
    runtime.crash();
    observer.responses.clear();
    hand_out_event();
    CHECK(say(post_response + "Lambda-Runtime-Function-Response-Mode: " + mode + "\r\nContent-Length: 2\r\n\r\n{}")
              .essence() == "HTTP/1.1 400 Bad Request" + json_head +
                                "{\"errorMessage\":\"Invalid function response mode\",\"errorType\":"
                                "\"InvalidFunctionResponseMode\"}\n");
    REQUIRE(observer.responses.size() == 1);
    CHECK(observer.responses[0].what == verdict::invalid_mode);
    CHECK(observer.log == strings{"response"});
  }
}

TEST_CASE_FIXTURE(service_fixture, "response: error trailers tell of a stream that failed") {
  hand_out_event();
  CHECK(say(post_response + "Transfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Type,"
                            "Lambda-Runtime-Function-Error-Body\r\n\r\n2\r\nab\r\n0\r\n"
                            "Lambda-Runtime-Function-Error-Type: errorString\r\n"
                            "Lambda-Runtime-Function-Error-Body: eyJhIjoxfQ==\r\n\r\n")
            .essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].what == verdict::failed_midway);
  CHECK(observer.responses[0].body.view() == "ab");
  CHECK(observer.responses[0].error_type == "errorString");
  CHECK(observer.responses[0].error_body.view() == "{\"a\":1}");
}

TEST_CASE_FIXTURE(service_fixture, "response: an error trailer that is not base64 keeps the type alone") {
  hand_out_event();
  CHECK(say(post_response +
            "Transfer-Encoding: chunked\r\n\r\n0\r\n"
            "Lambda-Runtime-Function-Error-Type: T\r\nLambda-Runtime-Function-Error-Body: {\"a\"}\r\n\r\n")
            .essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].what == verdict::failed_midway);
  CHECK(observer.responses[0].error_type == "T");
  CHECK(observer.responses[0].error_body.empty());
}

TEST_CASE_FIXTURE(service_fixture, "response: declared but empty error trailers are no error") {
  hand_out_event();
  CHECK(say(post_response +
            "Transfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Type\r\n\r\n2\r\nab\r\n0\r\n"
            "Lambda-Runtime-Function-Error-Type: \r\n\r\n")
            .essence() == accepted);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].what == verdict::complete);
}

TEST_CASE_FIXTURE(service_fixture, "response: at the limit accepted, a byte over it refused, and next is served") {
  observer.at_next = [this] { api->dispatch(event()); };
  run(runtime.next());
  CHECK(run(runtime.respond(id_text(), std::string(limits::response_bytes, 'x'))).status() == 202);
  run(runtime.next());
  CHECK(run(runtime.respond(id_text(), std::string(limits::response_bytes + 1, 'x'))).essence() ==
        "HTTP/1.1 413 Payload Too Large" + json_head +
            "{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\",\"errorType\":"
            "\"RequestEntityTooLarge\"}\n");
  REQUIRE(observer.responses.size() == 2);
  CHECK(observer.responses[0].body.size() == limits::response_bytes);
  CHECK(observer.responses[1].what == verdict::too_large);
  CHECK(run(runtime.next()).status() == 200);
}

TEST_CASE_FIXTURE(service_fixture, "response: chunks over the limit are refused like a length over it") {
  hand_out_event();
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  std::string chunks;
  for (int count = 0; count < 7; ++count) {
    chunks += chunk;
  }
  CHECK(say(post_response + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n").status() == 413);
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].what == verdict::too_large);
}

TEST_CASE_FIXTURE(service_fixture, "response: a body cut short") {
  hand_out_event();
  wire_connection wire(context);
  run(wire.connect(api->endpoint()));
  SUBCASE("of its length") {
    run(wire.send(fill_in(post_response + "Content-Length: 10\r\n\r\nabc")));
  }
  SUBCASE("before the last chunk") {
    run(wire.send(fill_in(post_response + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")));
  }
  SUBCASE("by bad framing") {
    run(wire.send(fill_in(post_response + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")));
  }
  wire.shutdown_send();
  CHECK(run(wire.receive()).essence() ==
        "HTTP/1.1 400 Bad Request" + json_head +
            "{\"errorMessage\":\"HTTP request detected as truncated\",\"errorType\":\"TruncatedHTTPRequest\"}\n");
  REQUIRE(observer.responses.size() == 1);
  CHECK(observer.responses[0].what == verdict::truncated);
}

TEST_CASE_FIXTURE(service_fixture, "response: a process killed in the middle of its answer") {
  hand_out_event();
  wire_connection wire(context);
  run(wire.connect(api->endpoint()));
  run(wire.send(fill_in(post_response + "Content-Length: 10\r\n\r\nabc")));
  wire.close_with_reset();
  REQUIRE(until([&] { return !observer.responses.empty(); }));
  CHECK(observer.responses[0].what == verdict::truncated);
}

TEST_CASE_FIXTURE(service_fixture, "response: ids that are not the invocation's") {
  const std::string other =
      "POST /2018-06-01/runtime/invocation/other/response HTTP/1.1\r\nHost: {endpoint}\r\n"
      "Content-Length: 2\r\n\r\n{}";
  CHECK(say(other).essence() == bad_id);  // before the first event
  hand_out_event();
  CHECK(say(other).essence() == bad_id);  // another id
  CHECK(run(runtime.respond(id_text(), "{}")).essence() == accepted);
  CHECK(say(other).essence() == bad_id);  // the id comes first, the state second
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  CHECK(say(post_response + "Content-Length: 2\r\n\r\n{}").essence() == bad_id);  // after completion
  CHECK(observer.responses.size() == 1);
}

TEST_CASE_FIXTURE(service_fixture, "response: a refused body of any size is read before the refusal") {
  hand_out_event();
  for (const bool chunked : {false, true}) {
    CAPTURE(chunked);
    const std::string body(5'000'000, 'x');
    const std::string framed = chunked ? "Transfer-Encoding: chunked\r\n\r\n4c4b40\r\n" + body + "\r\n0\r\n\r\n"
                                       : "Content-Length: 5000000\r\n\r\n" + body;
    CHECK(
        say("POST /2018-06-01/runtime/invocation/other/response HTTP/1.1\r\nHost: {endpoint}\r\n" + framed).essence() ==
        bad_id);
  }
}

TEST_CASE_FIXTURE(service_fixture, "response: a second answer before next") {
  hand_out_event();
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
  CHECK(run(runtime.respond(id_text(), "{}")).essence() ==
        refused_transition("RuntimeResponseSentState", "InvocationResponse"));
  CHECK(run(runtime.error(id_text(), "{}")).essence() ==
        refused_transition("RuntimeResponseSentState", "InvocationErrorResponse"));
  CHECK(observer.log == strings{"response"});
}

TEST_CASE_FIXTURE(service_fixture, "response: calls while the answer is still being read") {
  hand_out_event();
  wire_connection slow(context);
  run(slow.connect(api->endpoint()));
  run(slow.send(fill_in(post_response + "Content-Length: 4\r\n\r\nab")));
  settle();
  CHECK(run(runtime.respond(id_text(), "{}")).essence() ==
        refused_transition("InvocationResponse", "InvocationResponse"));
  CHECK(run(runtime.next()).essence() == refused_transition("InvocationResponse", "Ready"));
  run(slow.send("cd"));
  CHECK(run(slow.receive()).essence() == accepted);
  CHECK(observer.responses.at(0).body.view() == "abcd");
}

TEST_CASE_FIXTURE(service_fixture, "response: the invocation is over while its answer is being read") {
  hand_out_event();
  wire_connection slow(context);
  run(slow.connect(api->endpoint()));
  run(slow.send(fill_in(post_response + "Content-Length: 4\r\n\r\nab")));
  settle();
  api->invocation_over();
  run(slow.send("cd"));
  CHECK(run(slow.receive()).essence() == bad_id);
  CHECK(observer.responses.empty());
  run(runtime.begin_next());
  REQUIRE(until_logged(1));
  CHECK(observer.log == strings{"next"});
}

TEST_CASE_FIXTURE(service_fixture, "response: too late, the invocation is over") {
  hand_out_event();
  const std::string late = id_text();
  api->invocation_over();
  CHECK(run(runtime.respond(late, "{}")).essence() == bad_id);
  CHECK(run(runtime.error(late, "{}")).essence() == bad_id);
  CHECK(observer.log.empty());
}

TEST_CASE_FIXTURE(service_fixture, "response: a peer that waits for 100 Continue") {
  hand_out_event();
  wire_connection wire(context);
  run(wire.connect(api->endpoint()));
  run(wire.send(fill_in(post_response + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")));
  CHECK(run(wire.receive()).head == "HTTP/1.1 100 Continue\r\n\r\n");
  run(wire.send("{}"));
  CHECK(run(wire.receive()).essence() == accepted);
}

}  // namespace
