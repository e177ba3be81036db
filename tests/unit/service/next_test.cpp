#include "tests/unit/service/service_fixture.hpp"

#include <doctest/doctest.h>

namespace {

using namespace kelvin;
using namespace kelvin::test;
using strings = std::vector<std::string>;

const std::string next_request = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {endpoint}\r\n\r\n";

/// A `next` on a connection of its own that waits.
struct waiting_next {
  explicit waiting_next(service_fixture& in) : fixture(in), wire(in.context) {
    fixture.run(wire.connect(fixture.api->endpoint()));
    fixture.run(wire.send(fixture.fill_in(next_request)));
    fixture.settle();
  }
  wire_answer receive() { return fixture.run(wire.receive()); }

  service_fixture& fixture;
  wire_connection wire;
};

TEST_CASE_FIXTURE(service_fixture, "next: every field and byte of a full event") {
  auto made = event(R"({"n":1})");
  made.client_context = R"({"custom":{}})";
  made.cognito_identity = R"({"cognitoIdentityId":"a","cognitoIdentityPoolId":"b"})";
  api->dispatch(made);
  CHECK(
      say(next_request).essence() ==
      fill_in("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
              "Lambda-Runtime-Aws-Request-Id: {id}\r\n"
              "Lambda-Runtime-Deadline-Ms: 1763900000123\r\n"
              "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:f\r\n"
              "Lambda-Runtime-Trace-Id: Root=1-aaaaaaaa-bbbbbbbbbbbbbbbbbbbbbbbb;Parent=cccccccccccccccc;Sampled=1\r\n"
              "Lambda-Runtime-Client-Context: {\"custom\":{}}\r\n"
              "Lambda-Runtime-Cognito-Identity: {\"cognitoIdentityId\":\"a\",\"cognitoIdentityPoolId\":\"b\"}\r\n"
              "\r\n{\"n\":1}"));
  CHECK(observer.log == strings{"connect", "next"});
}

TEST_CASE_FIXTURE(service_fixture, "next: the answer's body has the event's size") {
  api->dispatch(event(R"({"n":1})"));
  const auto answer = say(next_request);
  CHECK(answer.field("Content-Length") == "7");
  CHECK(answer.body == R"({"n":1})");
  CHECK(observer.log == strings{"connect", "next"});
}

TEST_CASE_FIXTURE(service_fixture, "next: empty optional fields are left out, Content-Type never is") {
  auto made = event();
  made.trace_id = {};
  made.content_type = {};
  made.client_context = "";
  made.cognito_identity = "";
  api->dispatch(made);
  const auto answer = say(next_request);
  CHECK(answer.field("Content-Type") == "application/json");
  CHECK(answer.head.find("Trace-Id") == std::string::npos);
  CHECK(answer.head.find("Client-Context") == std::string::npos);
  CHECK(answer.head.find("Cognito-Identity") == std::string::npos);
}

TEST_CASE_FIXTURE(service_fixture, "next: a value from outside cannot end a header line") {
  auto made = event();
  made.client_context = "{}\r\nX-Evil: 1";
  api->dispatch(made);
  const auto answer = say(next_request);
  CHECK(answer.field("X-Evil").empty());
  CHECK(answer.status() == 200);
}

TEST_CASE_FIXTURE(service_fixture, "next: waits until an event is dispatched, then gets its bytes") {
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  CHECK(observer.log == strings{"connect", "next"});
  const std::string large(3'000'000, 'x');
  api->dispatch(event(large));
  const auto answer = run(runtime.receive_next());
  CHECK(answer.status() == 200);
  CHECK(answer.body == large);
}

TEST_CASE_FIXTURE(service_fixture, "next: dispatch from inside on_next") {
  observer.at_next = [this] { api->dispatch(event("1")); };
  CHECK(run(runtime.next()).body == "1");
}

TEST_CASE_FIXTURE(service_fixture, "next: many invocations on one connection, each told once") {
  observer.at_next = [this] { api->dispatch(event()); };
  for (int round = 0; round < 3; ++round) {
    const auto answer = run(runtime.next());
    CHECK(answer.field("Lambda-Runtime-Aws-Request-Id") == id_text());
    CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
  }
  CHECK(observer.log == strings{"connect", "next", "response", "next", "response", "next", "response"});
}

TEST_CASE_FIXTURE(service_fixture, "next: nothing hangs on a connection's identity") {
  observer.at_next = [this] { api->dispatch(event()); };
  for (int round = 0; round < 3; ++round) {
    CHECK(say(next_request).status() == 200);
    CHECK(say("POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: {endpoint}\r\n"
              "Content-Length: 2\r\n\r\n{}")
              .status() == 202);
  }
  CHECK(observer.log == strings{"connect", "next", "response", "next", "response", "next", "response"});
}

TEST_CASE_FIXTURE(service_fixture, "next: while Running the same event comes again and nobody is told") {
  hand_out_event();
  const auto again = say(next_request);
  CHECK(again.status() == 200);
  CHECK(again.field("Lambda-Runtime-Aws-Request-Id") == id_text());
  CHECK(again.body == R"({"n":1})");
  CHECK(observer.log.empty());
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
}

TEST_CASE_FIXTURE(service_fixture, "next: several wait first come first served, one is released per event") {
  waiting_next first(*this);
  waiting_next second(*this);
  CHECK(observer.log == strings{"connect", "next"});
  api->dispatch(event("1"));
  CHECK(first.receive().body == "1");
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
  waiting_next third(*this);
  CHECK(observer.log == strings{"connect", "next", "response", "next"});
  api->dispatch(event("2"));
  CHECK(second.receive().body == "2");
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
  run(runtime.begin_next());
  REQUIRE(until_logged(6));
  api->dispatch(event("3"));
  CHECK(third.receive().body == "3");
}

TEST_CASE_FIXTURE(service_fixture, "next: a waiting call whose client is gone gets no event") {
  waiting_next gone(*this);
  waiting_next alive(*this);
  gone.wire.close();
  api->dispatch(event("1"));
  CHECK(alive.receive().body == "1");
}

TEST_CASE_FIXTURE(service_fixture, "next: with every waiting client gone the event stays for the next to come") {
  {
    waiting_next gone(*this);
    waiting_next reset(*this);
    gone.wire.close();
    reset.wire.close_with_reset();
  }
  api->dispatch(event("1"));
  CHECK(run(runtime.next()).body == "1");
  CHECK(observer.log == strings{"connect", "next"});
}

TEST_CASE_FIXTURE(service_fixture, "next: an event that its client did not take goes to the next to come") {
  // Larger than the sockets hold, so that the first client cannot have taken it.
  const std::string large(24'000'000, 'x');
  {
    waiting_next first(*this);
    api->dispatch(event(large));
    settle();
    first.wire.close_with_reset();
  }
  settle();
  CHECK(run(runtime.next()).body.size() == large.size());
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
}

TEST_CASE_FIXTURE(service_fixture, "next: clients that give up again and again leave no call behind") {
  for (int round = 0; round < 300; ++round) {
    waiting_next gone(*this);
    gone.wire.close();
  }
  api->dispatch(event("1"));
  CHECK(run(runtime.next()).body == "1");
}

TEST_CASE_FIXTURE(service_fixture, "next: waits on after its invocation was taken back") {
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  api->dispatch(event("1"));
  api->invocation_over();
  REQUIRE(until_logged(3));
  CHECK(observer.log == strings{"connect", "next", "next"});
  api->dispatch(event("2"));
  CHECK(run(runtime.receive_next()).body == "2");
}

TEST_CASE_FIXTURE(service_fixture, "next: an event that nobody fetched can be taken back") {
  api->dispatch(event("1"));
  api->invocation_over();
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  api->dispatch(event("2"));
  CHECK(run(runtime.receive_next()).body == "2");
}

TEST_CASE_FIXTURE(service_fixture, "next: taking back an event that is still being sent ends its connection") {
  std::string large(24'000'000, 'x');
  waiting_next slow(*this);
  api->dispatch(event(large));
  settle();
  api->invocation_over();
  large.assign(large.size(), 'y');  // The bytes are the caller's again.
  CHECK_THROWS(slow.receive());
  observer.log.clear();
  run(runtime.begin_next());
  REQUIRE(until_logged(1));
  CHECK(observer.log == strings{"next"});
}

TEST_CASE_FIXTURE(service_fixture, "next: the observer learns when the call was complete") {
  const auto before = time.now();
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  CHECK(observer.last_next >= before);
  CHECK(observer.last_next <= time.now());
}

}  // namespace
