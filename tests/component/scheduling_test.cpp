#include "tests/support/emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;

namespace {

std::string body_of(const std::optional<invocation_outcome>& outcome) {
  REQUIRE(outcome.has_value());
  if (const auto* success = std::get_if<invocation_success>(&outcome->answer)) {
    return std::string(success->response.view());
  }
  if (const auto* failed = std::get_if<function_error>(&outcome->answer)) {
    return std::string(failed->error.view());
  }
  return std::get_if<throttled>(&outcome->answer) != nullptr ? "throttled" : "service failure";
}

bool all_answered(const emulator_fixture& in) {
  return std::all_of(in.outcomes.begin(), in.outcomes.end(), [](const auto& each) { return each.has_value(); });
}

/// A runtime that answers, then takes `pause` of the emulator's time to come back to `next`; with `wants_cpu`
/// because the machine lets it wait for a CPU.
emulator_fixture::runtime_script slow_to_return(emulator_fixture& in, duration pause, bool wants_cpu = false) {
  return [&in, pause, wants_cpu](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    process->wants_cpu = wants_cpu;
    for (;;) {
      const wire_answer event = co_await runtime.next();
      std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
      std::string answer = event.body;
      co_await runtime.respond(std::move(id), std::move(answer));
      one_shot<bool> due;
      const auto pausing = in.clock.make_alarm([&due] { due.set(true); });
      pausing->set(in.clock.now() + pause);
      co_await due.wait();
    }
  };
}

}  // namespace

TEST_CASE("an event comes back as the runtime answered it, in one environment") {
  emulator_fixture emulator({emulator_fixture::function()});
  auto& outcome = emulator.invoke(R"({"a":1})");
  emulator.run_until([&] { return outcome.has_value(); });
  CHECK(body_of(outcome) == R"({"a":1})");
  emulator.settle();
  CHECK(emulator.sink.words() == std::vector<std::string>{"START", "END", "REPORT"});
  CHECK(emulator.sink.last_report_init.has_value());
}

TEST_CASE("10,000 sequential invocations use one environment, also with reserved concurrency 1") {
  for (const bool reserved : {false, true}) {
    auto function = emulator_fixture::function();
    if (reserved) {
      function.reserved_concurrency = 1;
    }
    emulator_fixture emulator({function});
    for (int count = 0; count < 10000; ++count) {
      auto& outcome = emulator.invoke(std::to_string(count));
      emulator.run_until([&] { return outcome.has_value(); });
      REQUIRE(body_of(outcome) == std::to_string(count));
    }
    CHECK(emulator.sandboxes.started() == 1);
  }
}

TEST_CASE("a cold burst of N starts at most N environments and all are answered") {
  auto function = emulator_fixture::function();
  function.environments = 64;
  account_configuration account;
  account.environments_total = 64;
  emulator_fixture emulator({function}, account);
  for (int count = 0; count < 40; ++count) {
    emulator.invoke(std::to_string(count));
  }
  emulator.run_until([&] { return all_answered(emulator); });
  CHECK(emulator.sandboxes.started() <= 40);
  for (int count = 0; count < 40; ++count) {
    CHECK(body_of(emulator.outcomes[static_cast<std::size_t>(count)]) == std::to_string(count));
  }
}

TEST_CASE("past --environments invocations wait their turn, and kelvin says so once") {
  auto function = emulator_fixture::function();
  function.environments = 2;
  emulator_fixture emulator({function});
  for (int count = 0; count < 50; ++count) {
    emulator.invoke(std::to_string(count));
  }
  emulator.run_until([&] { return all_answered(emulator); });
  CHECK(emulator.sandboxes.started() == 2);
  CHECK(emulator.sandboxes.most_alive() == 2);
  REQUIRE(emulator.sink.notices.size() == 1);
  CHECK(emulator.sink.notices.front().find("--environments 2") != std::string::npos);
}

TEST_CASE("with every place of the machine taken, the longest unused environment makes room") {
  account_configuration account;
  account.environments_total = 1;
  emulator_fixture emulator({emulator_fixture::function("a"), emulator_fixture::function("b")}, account);
  auto& first = emulator.invoke("1", "a");
  emulator.run_until([&] { return first.has_value(); });
  auto& second = emulator.invoke("2", "b");
  emulator.run_until([&] { return second.has_value(); });
  CHECK(body_of(second) == "2");
  CHECK(emulator.sandboxes.started() == 2);
  CHECK(emulator.sandboxes.most_alive() == 1);
}

TEST_CASE("reserved concurrency throttles what is over it with the reserved reason") {
  auto function = emulator_fixture::function();
  function.reserved_concurrency = 2;
  emulator_fixture emulator({function});
  emulator.script = [](std::shared_ptr<fake_process>, scripted_runtime& runtime) -> awaitable<void> {
    co_await runtime.next();  // and never answers
    co_await runtime.receive_next();
  };
  emulator.invoke();
  emulator.invoke();
  auto& third = emulator.invoke();
  emulator.run_until([&] { return third.has_value(); });
  CHECK(std::get<throttled>(third->answer).reason ==
        throttle_reason::reserved_function_concurrent_invocation_limit_exceeded);
  CHECK(emulator.running->activity("f").throttles == 1);
}

TEST_CASE("a finishing environment is waited for 20 ms: then another is created, or the caller throttled") {
  SUBCASE("it comes back in time") {
    emulator_fixture emulator({emulator_fixture::function()});
    emulator.script = slow_to_return(emulator, 15ms);
    for (int count = 0; count < 5; ++count) {
      auto& outcome = emulator.invoke();
      emulator.run_until([&] { return outcome.has_value(); });
    }
    CHECK(emulator.sandboxes.started() == 1);
  }
  SUBCASE("it comes back late") {
    emulator_fixture emulator({emulator_fixture::function()});
    emulator.script = slow_to_return(emulator, 50ms);
    for (int count = 0; count < 2; ++count) {
      auto& outcome = emulator.invoke();
      emulator.run_until([&] { return outcome.has_value(); });
    }
    CHECK(emulator.sandboxes.started() == 2);
  }
  SUBCASE("it comes back late, because it waits for a CPU") {
    emulator_fixture emulator({emulator_fixture::function()});
    emulator.script = slow_to_return(emulator, 150ms, true);
    for (int count = 0; count < 5; ++count) {
      auto& outcome = emulator.invoke();
      emulator.run_until([&] { return outcome.has_value(); });
    }
    CHECK(emulator.sandboxes.started() == 1);
  }
  SUBCASE("it waits for a CPU for longer than anybody waits for it") {
    emulator_fixture emulator({emulator_fixture::function()});
    emulator.script = slow_to_return(emulator, 250ms, true);
    for (int count = 0; count < 2; ++count) {
      auto& outcome = emulator.invoke();
      emulator.run_until([&] { return outcome.has_value(); });
    }
    CHECK(emulator.sandboxes.started() == 2);
  }
  SUBCASE("it comes back late and the limit is reached") {
    auto function = emulator_fixture::function();
    function.reserved_concurrency = 1;
    emulator_fixture emulator({function});
    emulator.script = slow_to_return(emulator, 50ms);
    auto& first = emulator.invoke();
    emulator.run_until([&] { return first.has_value(); });
    auto& second = emulator.invoke();
    emulator.run_until([&] { return second.has_value(); });
    CHECK(body_of(second) == "throttled");
  }
}

TEST_CASE("environments that nobody used for the idle timeout are ended") {
  account_configuration account;
  account.idle_timeout = 60s;
  emulator_fixture emulator({emulator_fixture::function()}, account);
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  emulator.settle();
  CHECK(emulator.sandboxes.alive() == 1);
  emulator.clock.advance(59s);
  emulator.settle();
  CHECK(emulator.sandboxes.alive() == 1);
  emulator.clock.advance(2s);
  emulator.settle();
  CHECK(emulator.sandboxes.alive() == 0);
  CHECK(emulator.running->activity("f").environments == 0);
}

TEST_CASE("stopping refuses new invocations and answers those in progress") {
  emulator_fixture emulator({emulator_fixture::function()});
  emulator.script = [](std::shared_ptr<fake_process>, scripted_runtime& runtime) -> awaitable<void> {
    co_await runtime.next();
    co_await runtime.receive_next();
  };
  auto& hanging = emulator.invoke();
  emulator.settle();
  bool stopped = false;
  emulator.spawn([](emulator_fixture& in, bool& done) -> awaitable<void> {
    co_await in.running->drain(100ms);
    co_await in.running->shut_down();
    done = true;
  }(emulator, stopped));
  emulator.settle();
  auto& refused = emulator.invoke();
  emulator.run_until([&] { return stopped; });
  CHECK(body_of(refused) == "service failure");
  CHECK(body_of(hanging) == "service failure");
  CHECK(emulator.sandboxes.alive() == 0);
}

TEST_CASE("a caller whose patience ends is answered then; the function runs on, and a drain waits for it") {
  emulator_fixture emulator({emulator_fixture::function()});
  one_shot<bool> may_answer;
  bool asked = false;
  emulator.script = [&](std::shared_ptr<fake_process>, scripted_runtime& runtime) -> awaitable<void> {
    const wire_answer event = co_await runtime.next();
    asked = true;
    co_await may_answer.wait();
    std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
    co_await runtime.respond(std::move(id), "\"late\"");
    co_await runtime.next();
  };
  caller_patience patience;
  CHECK_FALSE(patience.end());
  auto& outcome = emulator.invoke("{}", "f", &patience);
  emulator.run_until([&] { return asked; });
  CHECK(patience.end());
  CHECK_FALSE(patience.end());
  emulator.run_until([&] { return outcome.has_value(); });
  CHECK(body_of(outcome) == "service failure");
  CHECK(emulator.sink.words() == std::vector<std::string>{"START"});

  bool drained = false;
  emulator.spawn([](emulator_fixture& in, bool& done) -> awaitable<void> {
    co_await in.running->drain(1h);
    done = true;
  }(emulator, drained));
  emulator.context.poll();
  CHECK_FALSE(drained);
  may_answer.set(true);
  emulator.run_until([&] { return drained; });
  CHECK(emulator.sink.words() == std::vector<std::string>{"START", "END", "REPORT"});
}

TEST_CASE("patience that ends behind the outcome changes nothing") {
  emulator_fixture emulator({emulator_fixture::function()});
  caller_patience patience;
  auto& outcome = emulator.invoke("\"whole\"", "f", &patience);
  emulator.run_until([&] { return outcome.has_value(); });
  CHECK_FALSE(patience.end());
  CHECK(body_of(outcome) == "\"whole\"");
}
