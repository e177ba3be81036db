#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/unit/asynchronous/queue_fixture.hpp"

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;
using fixture = queue_fixture;
using verdict = asynchronous_invoker::verdict;
using nlohmann::json;

TEST_CASE("an event is invoked once, without client context and log tail, and is gone") {
  fixture all;
  CHECK(all.send(R"({"a":1})") == verdict::accepted);
  CHECK(all.functions_side.attempts.empty());  // never from within accept()
  CHECK(all.queue.size() == 1);
  CHECK(all.queue.size_bytes() == 7);
  all.run();
  REQUIRE(all.functions_side.attempts.size() == 1);
  const auto& seen = all.functions_side.attempts.front();
  CHECK(seen.function == "f");
  CHECK(seen.arn == "arn:f");
  CHECK(seen.event == R"({"a":1})");
  CHECK_FALSE(seen.has_context);
  CHECK_FALSE(seen.log_tail);
  CHECK(all.queue.size() == 0);
  CHECK(all.queue.size_bytes() == 0);
  CHECK(all.clock.armed() == 0);
  CHECK(all.sink.texts.empty());
}

TEST_CASE("a failing event is tried again after 60 s and 120 s under the same request id, and then told about") {
  fixture all;
  all.functions_side.answer = [](const invocation_request&) { return error(); };
  all.send("5");
  all.advance(10min);
  CHECK(all.waits() == std::vector<duration>{60s, 120s});
  for (const auto& each : all.functions_side.attempts) {
    CHECK(each.id == all.functions_side.attempts.front().id);
    CHECK(each.event == "5");
  }
  CHECK(all.queue.size() == 0);
  CHECK(all.queue.size_bytes() == 0);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "of f is given up (RetriesExhausted, invoked 3 times)"));
  CHECK(contains(all.sink.texts.front(), "--on-failure or --dead-letter would keep it"));
}

TEST_CASE("a retry that succeeds sends the success record, with the count of invocations") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.event_invoke.on_success = file(folder / "success");
    one.event_invoke.on_failure = file(folder / "failure");
  });
  all.functions_side.answer = [&](const invocation_request&) {
    return all.functions_side.attempts.size() < 3 ? error() : success("7");
  };
  all.send(R"({"n":1})");
  all.advance(10min);
  const auto records = lines_of(folder / "success");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["condition"] == "Success");
  CHECK(records[0]["requestContext"]["approximateInvokeCount"] == 3);
  CHECK(records[0]["requestContext"]["functionArn"] == "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST");
  CHECK(records[0]["requestContext"]["requestId"] == all.functions_side.attempts[0].id);
  CHECK(records[0]["timestamp"] == "2025-01-01T00:03:00.000Z");
  CHECK(records[0]["requestPayload"] == json{{"n", 1}});
  CHECK(records[0]["responsePayload"] == 7);
  CHECK(read_file(folder / "failure").empty());
}

TEST_CASE("a final failure goes to the on-failure destination and to the dead-letter queue") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.event_invoke.maximum_retry_attempts = 0;
    one.event_invoke.on_failure = file(folder / "failure");
    one.event_invoke.dead_letter = file(folder / "dead");
  });
  all.functions_side.answer = [](const invocation_request&) { return error(); };
  all.send("[\n1]");
  all.run();
  const auto records = lines_of(folder / "failure");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["condition"] == "RetriesExhausted");
  CHECK(records[0]["responseContext"]["functionError"] == "Unhandled");
  const auto dead = lines_of(folder / "dead");
  REQUIRE(dead.size() == 1);
  CHECK(dead[0]["body"] == "[\n1]");
  CHECK(dead[0]["attributes"]["ErrorMessage"]["StringValue"] == "no");
  CHECK(all.sink.texts.empty());
}

TEST_CASE("throttles wait 1 s, doubling, until the event is too old; they use up no retry") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.event_invoke.maximum_event_age = 60s;
    one.event_invoke.on_failure = file(folder / "failure");
  });
  all.functions_side.answer = [](const invocation_request&) { return refused(); };
  all.send();
  all.advance(10min);
  CHECK(all.waits() == std::vector<duration>{1s, 2s, 4s, 8s, 16s});
  const auto records = lines_of(folder / "failure");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["condition"] == "EventAgeExceeded");
  CHECK(records[0]["requestContext"]["approximateInvokeCount"] == 0);
  CHECK_FALSE(records[0].contains("responsePayload"));
}

TEST_CASE("an event of a debugged function is never too old") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.event_invoke.maximum_event_age = 60s;
    one.event_invoke.on_failure = file(folder / "failure");
    put_under_debugger(one, {});
  });
  all.functions_side.held = true;
  all.send();
  all.send();
  all.advance(100h);
  REQUIRE(all.functions_side.attempts.size() == 1);
  all.functions_side.release_all();
  all.run();
  CHECK(all.functions_side.attempts.size() == 2);
  CHECK(lines_of(folder / "failure").empty());
}

TEST_CASE("throttles between errors keep the error for the record and begin at 1 s again") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) { one.event_invoke.on_failure = file(folder / "failure"); });
  all.functions_side.answer = [&](const invocation_request&) {
    const auto number = all.functions_side.attempts.size();
    return number == 1 || number == 2 || number == 4 ? refused() : error(R"({"errorMessage":"n"})");
  };
  all.send();
  all.advance(10min);
  CHECK(all.waits() == std::vector<duration>{1s, 2s, 60s, 1s, 120s});
  const auto records = lines_of(folder / "failure");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["approximateInvokeCount"] == 3);
  CHECK(records[0]["responsePayload"]["errorMessage"] == "n");
}

TEST_CASE("with reserved concurrency 0 nothing is invoked and the failure is sent at once") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.reserved_concurrency = 0;
    one.event_invoke.on_failure = file(folder / "failure");
    one.event_invoke.dead_letter = file(folder / "dead");
  });
  CHECK(all.send() == verdict::accepted);
  all.run();
  CHECK(all.functions_side.attempts.empty());
  CHECK(all.clock.armed() == 0);
  const auto records = lines_of(folder / "failure");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["condition"] == "ZeroReservedConcurrency");
  CHECK(lines_of(folder / "dead").size() == 1);
}

TEST_CASE("a destination function gets the record as an event of its own, whose end sends no record") {
  fixture all([&](function_configuration& one) {
    one.event_invoke.on_success = function("g");
    one.event_invoke.on_failure = function("g");
    one.event_invoke.maximum_retry_attempts = 0;
  });
  bool fails = false;
  all.functions_side.answer = [&](const invocation_request&) { return fails ? error() : success("1"); };
  all.send();
  all.run();
  REQUIRE(all.functions_side.attempts.size() == 2);
  const auto& record = all.functions_side.attempts[1];
  CHECK(record.function == "g");
  CHECK(record.arn == "arn:aws:lambda:us-east-1:123456789012:function:g");
  CHECK(record.id != all.functions_side.attempts[0].id);
  CHECK(json::parse(record.event)["requestContext"]["requestId"] == all.functions_side.attempts[0].id);
  fails = true;
  all.send("{}", "g");
  all.run();
  CHECK(all.functions_side.attempts.size() == 4);
  CHECK(all.queue.size() == 0);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "of g is given up"));
}

TEST_CASE("a record too large for a function is named as lost") {
  fixture all([&](function_configuration& one) { one.event_invoke.on_success = function("g"); });
  all.functions_side.answer = [](const invocation_request&) {
    return success("\"" + std::string(limits::asynchronous_event_bytes, 'x') + "\"");
  };
  all.send();
  all.run();
  CHECK(all.functions_side.attempts.size() == 1);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "--on-success function:g: a record is lost"));
}

TEST_CASE("a file that cannot be written costs the record, loudly, and nothing else") {
  fixture all([&](function_configuration& one) { one.event_invoke.on_success = file("/nowhere/records"); });
  all.send();
  all.send();
  all.run();
  CHECK(all.queue.size() == 0);
  REQUIRE(all.sink.texts.size() == 2);
  CHECK(contains(all.sink.texts.front(), "--on-success: a record is lost: cannot write to /nowhere/records"));
}

TEST_CASE("the queue is bounded in events and in bytes") {
  SUBCASE("events") {
    fixture all;
    all.functions_side.held = true;
    for (std::size_t count = 0; count < limits::asynchronous_events; ++count) {
      REQUIRE(all.send() == verdict::accepted);
    }
    CHECK(all.send() == verdict::queue_full);
    CHECK(all.queue.size() == limits::asynchronous_events);
  }
  SUBCASE("bytes") {
    fixture all;
    all.functions_side.held = true;
    const std::string large(limits::asynchronous_event_bytes, '1');
    for (std::size_t bytes = 0; bytes < limits::asynchronous_queue_bytes; bytes += large.size()) {
      REQUIRE(all.send(large) == verdict::accepted);
    }
    CHECK(all.send("1") == verdict::queue_full);
    CHECK(all.queue.size_bytes() == limits::asynchronous_queue_bytes);
  }
}
