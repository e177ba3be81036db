#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"

#include "runtime-api/base/one_shot.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <exception>
#include <functional>
#include <sstream>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

using verdict = asynchronous_invoker::verdict;

invocation_outcome success(std::string_view body = "null") {
  return {invocation_success{payload(body), ""}, "", ""};
}
invocation_outcome error(std::string_view body = R"({"errorMessage":"no"})") {
  return {function_error{payload(body), "E"}, "", ""};
}
invocation_outcome refused() {
  return {throttled{throttle_reason::concurrent_invocation_limit_exceeded}, "", ""};
}

/// Stands for the scheduler: answers as the test says, at once or when the test lets it.
struct scripted_invoker final : invoker {
  struct attempt {
    std::string id, function, arn, event;
    bool has_context, log_tail;
    steady_time when;
  };

  explicit scripted_invoker(kelvin::clock& of) : time(of) {}

  awaitable<invocation_outcome> invoke(invocation_request request) override {
    attempts.push_back({std::string(request.request_id.text()), request.function_name, request.invoked_function_arn,
                        std::string(request.event.view()), request.client_context.has_value(), request.log_tail,
                        time.now()});
    ++running;
    if (held) {
      one_shot<bool> released;
      waiting.push_back(&released);
      co_await released.wait();
    }
    --running;
    co_return answer(request);
  }
  void release_all() {
    for (one_shot<bool>* each : std::exchange(waiting, {})) {
      each->set(true);
    }
  }

  kelvin::clock& time;
  std::vector<attempt> attempts;
  std::size_t running = 0;
  bool held = false;
  std::vector<one_shot<bool>*> waiting;
  std::function<invocation_outcome(const invocation_request&)> answer = [](const invocation_request&) {
    return success();
  };
};

struct notices final : lifecycle_sink {
  void report(const lifecycle_event& event) override {
    const auto& said = std::get<notice>(event);
    if (said.level >= notice_level::warning) {
      texts.emplace_back(said.text);
    }
  }
  std::vector<std::string> texts;
};

struct fixture {
  explicit fixture(
      std::function<void(function_configuration&)> change = [](function_configuration&) {}, retry_delays delays = {})
      : registry({}, functions(change)), queue(services(), delays) {}
  ~fixture() {
    functions_side.held = false;
    functions_side.release_all();
    run();
  }

  static std::vector<function_configuration> functions(const std::function<void(function_configuration&)>& change) {
    std::vector<function_configuration> made(2);
    made[0].name = "f";
    made[1].name = "g";
    for (auto& each : made) {
      change(each);
    }
    return made;
  }
  asynchronous_services services() {
    return {functions_side, clock, sink, registry, [this](awaitable<void> task) {
              // co_spawn() alone would begin it from inside spawn.
              boost::asio::post(context, [this, begun = std::move(task)]() mutable {
                boost::asio::co_spawn(context.get_executor(), std::move(begun), [](std::exception_ptr escaped) {
                  if (escaped) {
                    std::rethrow_exception(escaped);
                  }
                });
              });
            }};
  }
  verdict send(std::string_view event = "{}", std::string name = "f") {
    invocation_request request;
    request.function_name = name;
    request.invoked_function_arn = "arn:" + name;
    request.event = payload(event);
    request.client_context = "{}";
    request.log_tail = true;
    return queue.accept(std::move(request));
  }
  void run() {
    context.restart();
    context.poll();
  }
  void advance(duration by) {
    // In steps, so that what an alarm starts has begun before time goes on.
    const steady_time end = clock.now() + std::chrono::duration_cast<steady_time::duration>(by);
    run();
    while (const auto next = clock.next()) {
      if (*next > end) {
        break;
      }
      clock.advance(*next - clock.now());
      run();
    }
    clock.advance(end - clock.now());
    run();
  }
  std::vector<duration> waits() const {
    std::vector<duration> all;
    for (std::size_t index = 1; index < functions_side.attempts.size(); ++index) {
      all.push_back(functions_side.attempts[index].when - functions_side.attempts[index - 1].when);
    }
    return all;
  }

  boost::asio::io_context context{1};
  manual_clock clock;
  scripted_invoker functions_side{clock};
  notices sink;
  function_registry registry;
  asynchronous_queue queue;
};

std::vector<json> lines_of(const std::string& path) {
  std::vector<json> all;
  std::istringstream text(read_file(path));
  for (std::string line; std::getline(text, line);) {
    all.push_back(json::parse(line));
  }
  return all;
}

event_destination file(const std::string& path) {
  return {event_destination::kind_type::file, path};
}
event_destination function(const std::string& name) {
  return {event_destination::kind_type::function, name};
}

}  // namespace

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

TEST_CASE("of one function as many attempts run at once as it may have environments, the others in order behind them") {
  fixture all([](function_configuration& one) { one.environments = 3; });
  all.functions_side.held = true;
  for (int count = 0; count < 10; ++count) {
    all.send(std::to_string(count));
  }
  all.send("other", "g");
  all.run();
  CHECK(all.functions_side.running == 4);
  all.functions_side.held = false;
  all.functions_side.release_all();
  all.run();
  REQUIRE(all.functions_side.attempts.size() == 11);
  std::string order;
  for (const auto& each : all.functions_side.attempts) {
    order += each.function == "f" ? each.event : "";
  }
  CHECK(order == "0123456789");
}

TEST_CASE("an event that grew too old while it waited for its turn is given up") {
  fixture all([](function_configuration& one) {
    one.environments = 1;
    one.event_invoke.maximum_event_age = 60s;
  });
  all.functions_side.held = true;
  all.send("1");
  all.send("2");
  all.advance(61s);
  all.functions_side.release_all();
  all.run();
  CHECK(all.functions_side.attempts.size() == 1);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "EventAgeExceeded, invoked 0 times"));
}

TEST_CASE("stopping lets attempts come to their end, begins none, and names what is dropped") {
  const temporary_folder folder;
  fixture all([&](function_configuration& one) {
    one.environments = 2;
    one.event_invoke.on_success = file(folder / "success");
  });
  all.functions_side.answer = [](const invocation_request& request) {
    return request.event.view() == "bad" ? error() : success();
  };
  all.send("bad");
  all.advance(1s);  // now waits for its retry
  all.functions_side.held = true;
  all.send("good");
  all.send("bad");
  all.send("third");
  all.send("fourth", "g");
  all.run();
  all.queue.stop();
  CHECK(all.send() == verdict::stopping);
  all.functions_side.held = false;
  all.functions_side.release_all();
  all.advance(10min);
  CHECK(all.functions_side.attempts.size() == 4);
  CHECK(lines_of(folder / "success").size() == 2);
  all.queue.drop_all();
  CHECK(all.queue.size() == 0);
  CHECK(all.queue.size_bytes() == 0);
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "3 asynchronous events of f still waited for an attempt and are dropped"));
}

TEST_CASE("an event that came right before the stop is named too") {
  fixture all;
  all.send();
  all.queue.stop();
  SUBCASE("its attempt never begins") {
    all.run();
  }
  SUBCASE("its attempt would begin behind the end") {}
  all.queue.drop_all();
  REQUIRE(all.sink.texts.size() == 1);
  CHECK(contains(all.sink.texts.front(), "1 asynchronous event of f still waited for an attempt and is dropped"));
  all.run();
  CHECK(all.functions_side.attempts.empty());
}
