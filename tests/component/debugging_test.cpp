#include "tests/support/emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;

namespace {

/// An emulator whose function `f` is debugged: it answers with the number of its process when the test lets it go on,
/// as from a breakpoint.
struct debugged : emulator_fixture {
  explicit debugged(debugger with = debugger::gdbserver) : emulator_fixture({version(with)}, impatient()) {
    script = [this](std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
      return run(*this, std::move(process), runtime);
    };
  }

  static function_configuration version(debugger with = debugger::gdbserver) {
    function_configuration made = function();
    made.timeout = 1s;
    made.memory_mib = 128;
    made.memory_chosen = true;
    put_under_debugger(made, {with, with == debugger::wait ? "" : "/usr/bin/server", 2345});
    return made;
  }

  static account_configuration impatient() {
    account_configuration made;
    made.idle_timeout = 1s;
    made.cpu = cpu_level::lambda;
    made.freeze = true;
    made.isolation = isolation_level::lambda;
    return made;
  }

  static awaitable<void> run(debugged& in, std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
    in.processes.push_back(process);
    in.most_alive = std::max(in.most_alive, in.sandboxes.alive());
    co_await in.pause(in.init_takes);
    const std::string name = std::to_string(in.processes.size());
    for (;;) {
      const wire_answer event = co_await runtime.next();
      in.deadline_ms = event.field("Lambda-Runtime-Deadline-Ms");
      if (event.body == "stop") {
        co_await in.pause(100h);
      }
      std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
      std::string answer = name;
      co_await runtime.respond(std::move(id), std::move(answer));
    }
  }

  awaitable<void> pause(duration by) {
    one_shot<bool> due;
    const auto pausing = clock.make_alarm([&due] { due.set(true); });
    pausing->set(clock.now() + by);
    co_await due.wait();
  }

  std::string ask(std::string event = "{}") {
    auto& outcome = invoke(std::move(event));
    run_until([&] { return outcome.has_value(); });
    return said(outcome);
  }
  static std::string said(const std::optional<invocation_outcome>& outcome) {
    REQUIRE(outcome.has_value());
    const auto* success = std::get_if<invocation_success>(&outcome->answer);
    return success != nullptr ? std::string(success->response.view()) : "no success";
  }
  std::size_t notices_with(std::string_view text) const {
    return static_cast<std::size_t>(
        std::count_if(sink.notices.begin(), sink.notices.end(),
                      [text](const std::string& each) { return each.find(text) != std::string::npos; }));
  }

  duration init_takes = 0s;
  std::vector<std::shared_ptr<fake_process>> processes;
  std::size_t most_alive = 0;
  std::string deadline_ms;
};

}  // namespace

TEST_CASE("debugging: the debugger is started in the bootstrap's place, with no limit and at level host") {
  debugged emulator;
  CHECK(emulator.ask() == "1");
  const process_specification& started = emulator.processes.at(0)->specification;
  CHECK(started.program == "/usr/bin/server");
  CHECK(started.arguments.back() == "/nowhere/bootstrap");
  CHECK_FALSE(started.isolation);
  CHECK_FALSE(started.limits.cpu_quota);
  CHECK_FALSE(started.limits.memory_bytes);
  CHECK_FALSE(started.limits.frozen_when_idle);
  CHECK_FALSE(started.stopped);
  CHECK(emulator.notices_with("waits under gdbserver; attach with: gdb /nowhere/bootstrap") == 1);
}

TEST_CASE("debugging: with `wait` the bootstrap itself is started, stopped") {
  debugged emulator(debugger::wait);
  CHECK(emulator.ask() == "1");
  CHECK(emulator.processes.at(0)->specification.program == "/nowhere/bootstrap");
  CHECK(emulator.processes.at(0)->specification.stopped);
  CHECK(emulator.notices_with("gdb -p " + std::to_string(emulator.processes.at(0)->process_id)) == 1);
}

TEST_CASE("debugging: neither the init limit nor the function's timeout ends anything") {
  debugged emulator;
  emulator.init_takes = 100h;
  CHECK(emulator.ask("stop") == "1");
  CHECK(emulator.processes.size() == 1);
  CHECK(emulator.sink.words() == std::vector<std::string>{"START", "END", "REPORT"});
}

TEST_CASE("debugging: the runtime is told a deadline a day away") {
  debugged emulator;
  const auto before =
      std::chrono::duration_cast<std::chrono::milliseconds>((emulator.clock.wall_now() + 24h).time_since_epoch());
  CHECK(emulator.ask() == "1");
  CHECK(std::stoll(emulator.deadline_ms) >= before.count());
}

TEST_CASE("debugging: one process takes all invocations, one after the other, however long they wait") {
  debugged emulator;
  auto& first = emulator.invoke("stop");
  auto& second = emulator.invoke("stop");
  auto& third = emulator.invoke();
  emulator.run_until([&] { return third.has_value(); });
  CHECK(debugged::said(first) == "1");
  CHECK(debugged::said(second) == "1");
  CHECK(debugged::said(third) == "1");
  CHECK(emulator.most_alive == 1);
  CHECK(emulator.notices_with("one invocation at a time while it is debugged") == 1);
}

TEST_CASE("debugging: an idle process is not reaped") {
  debugged emulator;
  CHECK(emulator.ask() == "1");
  emulator.settle();
  emulator.clock.advance(100h);
  emulator.settle();
  CHECK(emulator.running->activity("f").idle == 1);
  CHECK(emulator.ask() == "1");
}

TEST_CASE("debugging: when the process has ended that is said, and the next invocation starts it again") {
  debugged emulator;
  CHECK(emulator.ask() == "1");
  emulator.processes.at(0)->exit({.value = 1});
  emulator.settle();
  CHECK(emulator.notices_with("its process under gdbserver has ended (Runtime exited with error: exit status 1)") == 1);
  CHECK(emulator.ask() == "2");
  CHECK(emulator.most_alive == 1);
}

TEST_CASE("debugging: a new version starts when the old process has ended, and what comes meanwhile is held") {
  debugged emulator;
  CHECK(emulator.ask() == "1");
  bool serves = false;
  CHECK(emulator.running->replace(debugged::version(), failed_init::keeps_last_good,
                                  [&](std::optional<duration> init) { serves = init.has_value(); }));
  auto& held = emulator.invoke();
  emulator.run_until([&] { return held.has_value(); });
  CHECK(debugged::said(held) == "2");
  CHECK(serves);
  CHECK(emulator.most_alive == 1);
}

TEST_CASE("debugging: a new version waits for the invocation that is being debugged") {
  debugged emulator;
  auto& in_flight = emulator.invoke("stop");
  auto& waiting = emulator.invoke();
  emulator.run_until([&] { return emulator.running->activity("f").running == 1; });
  bool serves = false;
  CHECK(emulator.running->replace(debugged::version(), failed_init::keeps_last_good,
                                  [&](std::optional<duration> init) { serves = init.has_value(); }));
  auto& held = emulator.invoke();
  emulator.settle();
  CHECK(emulator.processes.size() == 1);
  CHECK(emulator.notices_with("its new version starts when") == 1);
  emulator.run_until([&] { return held.has_value() && waiting.has_value(); });
  CHECK(debugged::said(in_flight) == "1");
  CHECK(debugged::said(waiting) == "2");
  CHECK(debugged::said(held) == "2");
  CHECK(serves);
  CHECK(emulator.most_alive == 1);
}

TEST_CASE("debugging: of several new versions the last one starts, one process after the other") {
  debugged emulator;
  emulator.init_takes = 1h;
  for (int count = 0; count < 3; ++count) {
    CHECK(emulator.running->replace(debugged::version(), failed_init::keeps_last_good, [](std::optional<duration>) {}));
    emulator.run_until([&] { return emulator.processes.size() == static_cast<std::size_t>(count) + 1; });
  }
  CHECK(emulator.ask() == "3");
  CHECK(emulator.most_alive == 1);
}

TEST_CASE("debugging: where the new version fails in its init the old one is started again") {
  debugged emulator;
  CHECK(emulator.ask() == "1");
  bool failed = false;
  emulator.init_takes = 1h;
  CHECK(emulator.running->replace(debugged::version(), failed_init::keeps_last_good,
                                  [&](std::optional<duration> init) { failed = !init; }));
  emulator.run_until([&] { return emulator.processes.size() == 2; });
  auto& held = emulator.invoke();
  emulator.settle();
  emulator.init_takes = 0s;
  emulator.processes.at(1)->exit({.value = 1});
  emulator.run_until([&] { return held.has_value(); });
  CHECK(failed);
  CHECK(debugged::said(held) == "3");
  CHECK(emulator.most_alive == 1);
}
