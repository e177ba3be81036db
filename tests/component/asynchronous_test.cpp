#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"
#include "tests/support/emulator_fixture.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// What a runtime was given, and when.
struct attempt {
  std::string id;
  std::string event;
  steady_time when;
};

/// The queue in front of the real scheduler.
struct asynchronous_fixture {
  explicit asynchronous_fixture(std::vector<function_configuration> functions) : emulator(std::move(functions)) {
    asynchronous_services services{*emulator.running, emulator.clock, emulator.sink, emulator.registry,
                                   [this](awaitable<void> task) { emulator.spawn(std::move(task)); }};
    queue = std::make_unique<asynchronous_queue>(std::move(services), retry_delays{});
  }

  std::string send(std::string event, std::string name = "f") {
    invocation_request request;
    std::string id(request.request_id.text());
    request.function_name = name;
    request.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:" + name;
    request.event = payload(event);
    REQUIRE(queue->accept(std::move(request)) == asynchronous_invoker::verdict::accepted);
    return id;
  }

  /// A runtime that notes what it gets; `fails` decides on its answer.
  emulator_fixture::runtime_script noting(std::function<bool(const attempt&)> fails) {
    return [this, fails](std::shared_ptr<fake_process>, scripted_runtime& runtime) { return serve(runtime, fails); };
  }

  emulator_fixture emulator;
  std::unique_ptr<asynchronous_queue> queue;
  std::vector<attempt> attempts;

 private:
  awaitable<void> serve(scripted_runtime& runtime, std::function<bool(const attempt&)> fails) {
    for (;;) {
      const wire_answer event = co_await runtime.next();
      std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
      attempts.push_back({id, event.body, emulator.clock.now()});
      const bool failing = fails(attempts.back());
      std::string body = failing ? R"({"errorMessage":"no","errorType":"E"})" : "\"done\"";
      if (failing) {
        co_await runtime.error(std::move(id), std::move(body));
      } else {
        co_await runtime.respond(std::move(id), std::move(body));
      }
    }
  }
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

}  // namespace

TEST_CASE("an event that fails is invoked after 60 s and 120 s again, each time with its first request id") {
  asynchronous_fixture all({emulator_fixture::function()});
  all.emulator.script = all.noting([](const attempt&) { return true; });
  const std::string id = all.send("1");
  all.emulator.run_until([&] { return all.queue->size() == 0; });
  REQUIRE(all.attempts.size() == 3);
  CHECK(all.attempts[1].when - all.attempts[0].when == 60s);
  CHECK(all.attempts[2].when - all.attempts[1].when == 120s);
  for (const attempt& each : all.attempts) {
    CHECK(each.id == id);
    CHECK(each.event == "1");
  }
  CHECK(all.emulator.sandboxes.started() == 1);
}

TEST_CASE("a function timeout counts as a function error and stands in the record") {
  const temporary_folder folder;
  auto function = emulator_fixture::function();
  function.event_invoke.maximum_retry_attempts = 1;
  function.event_invoke.on_failure = file(folder / "failure");
  asynchronous_fixture all({function});
  all.emulator.script = [](std::shared_ptr<fake_process>, scripted_runtime& runtime) -> awaitable<void> {
    co_await runtime.next();
    co_await runtime.receive_next();
  };
  all.send("{}");
  all.emulator.run_until([&] { return all.queue->size() == 0; });
  const auto records = lines_of(folder / "failure");
  REQUIRE(records.size() == 1);
  CHECK(records[0]["requestContext"]["approximateInvokeCount"] == 2);
  CHECK(records[0]["responsePayload"]["errorType"] == "Sandbox.Timedout");
}

TEST_CASE("an event that finds its function's concurrency used up waits 1 s, 2 s, … until there is room") {
  auto function = emulator_fixture::function();
  function.reserved_concurrency = 1;
  function.timeout = 5s;
  asynchronous_fixture all({function});
  int starts = 0;
  const auto serves = all.noting([](const attempt&) { return false; });
  all.emulator.script = [&](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    if (++starts == 1) {
      co_await runtime.next();
      co_await runtime.receive_next();  // until its timeout
    }
    co_await serves(process, runtime);
  };
  auto& hanging = all.emulator.invoke();
  all.emulator.settle();
  const steady_time begun = all.emulator.clock.now();
  all.send("7");
  all.emulator.run_until([&] { return all.queue->size() == 0; });
  CHECK(hanging.has_value());
  REQUIRE(all.attempts.size() == 1);
  CHECK(all.attempts[0].when - begun == 7s);  // 1 + 2 + 4
  CHECK(all.emulator.running->activity("f").throttles == 3);
}

TEST_CASE("events do not push callers out: no more of them run than there are environments") {
  auto function = emulator_fixture::function();
  function.environments = 2;
  asynchronous_fixture all({function});
  all.emulator.script = all.noting([](const attempt&) { return false; });
  constexpr int many = 3000;
  for (int count = 0; count < many; ++count) {
    all.send(std::to_string(count));
  }
  auto& caller = all.emulator.invoke("\"caller\"");
  all.emulator.run_until([&] { return caller.has_value() && all.queue->size() == 0; });
  CHECK(std::holds_alternative<invocation_success>(caller->answer));
  REQUIRE(all.attempts.size() == many + 1);
  const auto position = std::find_if(all.attempts.begin(), all.attempts.end(),
                                     [](const attempt& each) { return each.event == "\"caller\""; });
  CHECK(position - all.attempts.begin() <= 4);
  CHECK(all.emulator.sandboxes.most_alive() == 2);
  CHECK(all.emulator.running->activity("f").throttles == 0);
}

TEST_CASE("stopping drains attempts in progress and drops the others by name") {
  const temporary_folder folder;
  auto function = emulator_fixture::function();
  function.environments = 1;
  function.event_invoke.on_success = file(folder / "success");
  asynchronous_fixture all({function});
  one_shot<bool> may_answer;
  all.emulator.script = [&](std::shared_ptr<fake_process>, scripted_runtime& runtime) -> awaitable<void> {
    const wire_answer event = co_await runtime.next();
    std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
    co_await may_answer.wait();
    co_await runtime.respond(std::move(id), "1");
    co_await runtime.next();
  };
  all.send("1");
  all.send("2");
  all.emulator.settle();
  bool stopped = false;
  all.emulator.spawn([](asynchronous_fixture& in, bool& done) -> awaitable<void> {
    in.queue->stop();
    co_await in.emulator.running->drain(1h);
    co_await in.emulator.running->shut_down();
    in.queue->drop_all();
    done = true;
  }(all, stopped));
  all.emulator.settle();
  CHECK_FALSE(stopped);
  may_answer.set(true);
  all.emulator.run_until([&] { return stopped; });
  CHECK(lines_of(folder / "success").size() == 1);
  CHECK(all.queue->size() == 0);
  REQUIRE(all.emulator.sink.notices.size() == 1);
  CHECK(all.emulator.sink.notices[0].starts_with("1 asynchronous event of f still waited for an attempt"));
}

TEST_CASE("of random events each ends once, in one record, under its own id") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=" << seed);
  std::mt19937 random(seed);
  const temporary_folder folder;
  std::vector<function_configuration> functions{emulator_fixture::function("f"), emulator_fixture::function("g")};
  for (auto& each : functions) {
    each.environments = 1 + random() % 4;
    each.reserved_concurrency = 1 + random() % 3;
    each.event_invoke.maximum_retry_attempts = random() % 3;
    each.event_invoke.maximum_event_age = std::chrono::seconds(60 + random() % 600);
    each.event_invoke.on_success = file(folder / "success");
    each.event_invoke.on_failure = file(folder / "failure");
  }
  asynchronous_fixture all(functions);
  all.emulator.script = all.noting([&random](const attempt&) { return random() % 3 == 0; });
  std::map<std::string, std::string> sent;  // id to event
  for (int count = 0; count < 200; ++count) {
    const std::string event = std::to_string(count);
    sent.emplace(all.send(event, random() % 2 == 0 ? "f" : "g"), event);
    if (random() % 10 == 0) {
      all.emulator.settle();
    }
  }
  all.emulator.run_until([&] { return all.queue->size() == 0; });
  CHECK(all.queue->size_bytes() == 0);
  std::map<std::string, unsigned> reached;
  for (const attempt& each : all.attempts) {
    ++reached[each.id];
    CHECK(sent.at(each.id) == each.event);
  }
  std::size_t records = 0;
  for (const char* name : {"success", "failure"}) {
    for (const json& each : lines_of(folder / name)) {
      ++records;
      const json& context = each["requestContext"];
      const std::string id = context["requestId"];
      CHECK(each["requestPayload"].dump() == sent.at(id));
      CHECK((context["condition"] == "Success") == (std::string(name) == "success"));
      CHECK(context["approximateInvokeCount"] == reached[id]);
      sent.erase(id);
    }
  }
  CHECK(records == 200);
  CHECK(sent.empty());
}
