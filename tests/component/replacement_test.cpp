#include "tests/support/emulator_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;

namespace {

std::string said(const std::optional<invocation_outcome>& outcome) {
  REQUIRE(outcome.has_value());
  const auto* success = std::get_if<invocation_success>(&outcome->answer);
  return success != nullptr ? std::string(success->response.view()) : "no success";
}

/// An emulator whose function answers with its version, which is its handler's name.
struct versioned : emulator_fixture {
  explicit versioned(function_configuration first = version("1")) : emulator_fixture({std::move(first)}) {
    script = [this](std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
      return run(*this, std::move(process), runtime);
    };
  }

  static function_configuration version(std::string name) {
    function_configuration made = function();
    made.handler = std::move(name);
    return made;
  }

  /// Versions named `crash…` die in their init, `hang…` never ask for an event; `slow` answers only when told to.
  static awaitable<void> run(versioned& in, std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
    const std::string name = handler_of(*process);
    in.started_versions.push_back(name);
    if (name.starts_with("crash")) {
      process->exit({.value = 1});
      co_return;
    }
    if (name.starts_with("hang")) {
      co_return;
    }
    if (name.starts_with("late")) {
      co_await in.wait(1s);
    }
    for (;;) {
      const wire_answer event = co_await runtime.next();
      if (event.body == "slow") {
        co_await in.wait(2s);
      }
      std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
      std::string answer = name;
      co_await runtime.respond(std::move(id), std::move(answer));
    }
  }

  awaitable<void> wait(duration by) {
    one_shot<bool> due;
    const auto pausing = clock.make_alarm([&due] { due.set(true); });
    pausing->set(clock.now() + by);
    co_await due.wait();
  }

  static std::string handler_of(const fake_process& process) {
    constexpr std::string_view name = "_HANDLER=";
    for (const std::string& each : process.specification.variables) {
      if (each.starts_with(name)) {
        return each.substr(name.size());
      }
    }
    return {};
  }

  void replace_by(const std::string& name, failed_init on_failure = failed_init::keeps_last_good) {
    CHECK(running->replace(version(name), on_failure,
                           [this, name](std::optional<duration> init) { settled += name + (init ? "+" : "-"); }));
  }
  std::string ask(std::string event = "{}") {
    auto& outcome = invoke(std::move(event));
    run_until([&] { return outcome.has_value(); });
    return said(outcome);
  }
  void run_until_settled(const std::string& expected) {
    run_until([&] { return settled == expected; });
    settle();
  }

  std::string settled;
  std::vector<std::string> started_versions;
};

}  // namespace

TEST_CASE("replacement: the new version serves once its init has succeeded, and the old one ends") {
  versioned emulator;
  CHECK(emulator.ask() == "1");
  emulator.replace_by("2");
  emulator.run_until_settled("2+");
  CHECK(emulator.ask() == "2");
  emulator.run_until([&] { return emulator.sandboxes.alive() == 1; });
  CHECK(emulator.running->activity("f").environments == 1);
}

TEST_CASE("replacement: what is in flight ends on the old version, what comes then is held for the new one") {
  versioned emulator;
  auto& in_flight = emulator.invoke("slow");
  emulator.run_until([&] { return emulator.running->activity("f").running == 1; });
  emulator.replace_by("late");
  auto& held = emulator.invoke();
  emulator.settle();
  CHECK(emulator.running->activity("f").waiting == 1);
  emulator.run_until([&] { return held.has_value(); });
  CHECK_FALSE(in_flight.has_value());
  CHECK(said(held) == "late");
  emulator.run_until([&] { return in_flight.has_value(); });
  CHECK(said(in_flight) == "1");
  emulator.run_until([&] { return emulator.sandboxes.alive() == 1; });
}

TEST_CASE("replacement: a version whose init crashes or hangs leaves the old one serving, held invocations too") {
  for (const std::string bad : {"crash", "hang"}) {
    CAPTURE(bad);
    versioned emulator;
    CHECK(emulator.ask() == "1");
    emulator.replace_by(bad);
    auto& held = emulator.invoke();
    emulator.run_until([&] { return held.has_value(); });
    CHECK(said(held) == "1");
    CHECK(emulator.settled == bad + "-");
    CHECK(emulator.ask() == "1");
    CHECK(emulator.started_versions == std::vector<std::string>{"1", bad});
    emulator.run_until([&] { return emulator.running->activity("f").environments == 1; });
    emulator.replace_by("3");
    emulator.run_until_settled(bad + "-3+");
    CHECK(emulator.ask() == "3");
  }
}

TEST_CASE("replacement: of several at once the last one counts, and what was held goes on to it") {
  versioned emulator;
  emulator.replace_by("late 2");
  auto& held = emulator.invoke();
  emulator.settle();
  emulator.replace_by("late 3");
  auto& held_as_well = emulator.invoke();
  emulator.run_until([&] { return held.has_value() && held_as_well.has_value(); });
  CHECK(said(held) == "late 3");
  CHECK(said(held_as_well) == "late 3");
  CHECK(emulator.settled == "late 3+");
  emulator.run_until([&] { return emulator.sandboxes.alive() == emulator.running->activity("f").environments; });
}

TEST_CASE("replacement: invocations that waited for the old version's environments go to the new one") {
  auto first = versioned::version("1");
  first.environments = 1;
  versioned emulator(first);
  auto& in_flight = emulator.invoke("slow");
  auto& waiting = emulator.invoke();
  emulator.run_until([&] { return emulator.running->activity("f").running == 1; });
  emulator.replace_by("2");
  emulator.run_until([&] { return waiting.has_value(); });
  CHECK(said(waiting) == "2");
  CHECK_FALSE(in_flight.has_value());
  emulator.run_until([&] { return in_flight.has_value(); });
  CHECK(said(in_flight) == "1");
}

TEST_CASE("replacement: reserved concurrency counts over both versions") {
  auto first = versioned::version("1");
  first.reserved_concurrency = 1;
  versioned emulator(first);
  auto& in_flight = emulator.invoke("slow");
  emulator.run_until([&] { return emulator.running->activity("f").running == 1; });
  auto next = versioned::version("2");
  next.reserved_concurrency = 1;
  bool serves = false;
  CHECK(emulator.running->replace(next, failed_init::keeps_last_good,
                                  [&serves](std::optional<duration> init) { serves = init.has_value(); }));
  emulator.run_until([&] { return serves; });
  CHECK_FALSE(in_flight.has_value());
  CHECK(emulator.ask() == "no success");
  emulator.run_until([&] { return in_flight.has_value(); });
  emulator.settle();
  CHECK(emulator.ask() == "2");
}

TEST_CASE("replacement: under load through 50 versions every invocation succeeds, and none goes back to an old one") {
  versioned emulator;
  for (int number = 2; number <= 51; ++number) {
    std::vector<std::optional<invocation_outcome>*> asked;
    for (int count = 0; count < 4; ++count) {
      asked.push_back(&emulator.invoke());
    }
    emulator.replace_by(std::to_string(number));
    for (int count = 0; count < 4; ++count) {
      asked.push_back(&emulator.invoke());
    }
    emulator.run_until(
        [&] { return std::all_of(asked.begin(), asked.end(), [](const auto* each) { return each->has_value(); }); });
    for (const auto* each : asked) {
      CHECK((said(*each) == std::to_string(number - 1) || said(*each) == std::to_string(number)));
    }
    CHECK(emulator.ask() == std::to_string(number));
  }
  emulator.run_until([&] { return emulator.sandboxes.alive() == emulator.running->activity("f").environments; });
  CHECK(emulator.running->activity("f").environments <= 8);
}

TEST_CASE("replacement: not of a function that is not there, nor once kelvin is stopping") {
  versioned emulator;
  CHECK_FALSE(emulator.running->replace(emulator_fixture::function("g"), {}, [](std::optional<duration>) {}));
  emulator.replace_by("late");
  bool ended = false;
  emulator.spawn([](versioned& in, bool& done) -> awaitable<void> {
    co_await in.running->shut_down();
    done = true;
  }(emulator, ended));
  emulator.run_until([&] { return ended; });
  CHECK_FALSE(emulator.running->replace(versioned::version("3"), {}, [](std::optional<duration>) {}));
  CHECK(emulator.settled.empty());
  CHECK(emulator.sandboxes.alive() == 0);
}

TEST_CASE("replacement: a version that may serve however its init ends gives its invocations the init's error") {
  versioned emulator;
  CHECK(emulator.ask() == "1");
  emulator.replace_by("crash", failed_init::serves);
  auto& held = emulator.invoke();
  emulator.run_until([&] { return held.has_value(); });
  CHECK(emulator.settled == "crash-");
  const auto* error = std::get_if<function_error>(&held->answer);
  REQUIRE(error != nullptr);
  CHECK(error->error_type == "Runtime.ExitError");
  emulator.run_until([&] { return emulator.running->activity("f").environments == 1; });
  emulator.replace_by("3", failed_init::serves);
  emulator.run_until_settled("crash-3+");
  CHECK(emulator.ask() == "3");
}

TEST_CASE("replacement: however often a version is replaced before it serves, no invocation is held beyond the bound") {
  versioned emulator;
  CHECK(emulator.ask() == "1");
  const steady_time begun = emulator.clock.now();
  emulator.replace_by("hang 2");
  auto& held = emulator.invoke();
  for (int number = 3; !held.has_value(); ++number) {
    REQUIRE(number < 10);
    const steady_time later = emulator.clock.now() + 3s;
    emulator.run_until([&] { return held.has_value() || emulator.clock.now() >= later; });
    if (!held) {
      emulator.replace_by("hang " + std::to_string(number));
    }
  }
  CHECK(said(held) == "1");
  CHECK(emulator.clock.now() - begun == limits::init_phase);
}

TEST_CASE("replacement: what an old version was made of is let go when its last environment has ended") {
  const auto with_files = [](const char* name, std::weak_ptr<const void>& watched) {
    auto made = versioned::version(name);
    made.unpacked = std::make_shared<int>();
    watched = made.unpacked;
    return made;
  };
  std::weak_ptr<const void> first, second, failed;
  versioned emulator;
  bool serves = false;
  const auto note = [&serves](std::optional<duration> init) { serves = init.has_value(); };
  CHECK(emulator.running->replace(with_files("2", first), {}, note));
  emulator.run_until([&] { return serves; });
  auto& in_flight = emulator.invoke("slow");
  emulator.run_until([&] { return emulator.running->activity("f").running == 1; });
  serves = false;
  CHECK(emulator.running->replace(with_files("3", second), {}, note));
  emulator.run_until([&] { return serves; });
  CHECK_FALSE(in_flight.has_value());
  CHECK_FALSE(first.expired());
  emulator.run_until([&] { return first.expired(); });
  CHECK(said(in_flight) == "2");
  CHECK(emulator.running->replace(with_files("crash", failed), {}, note));
  emulator.run_until([&] { return failed.expired(); });
  CHECK_FALSE(serves);
  CHECK_FALSE(second.expired());
  CHECK(emulator.ask() == "3");
}

TEST_CASE("membership: a function that is added is served, and one that is removed only finishes what runs") {
  versioned emulator;
  CHECK(emulator.ask() == "1");
  auto other = versioned::version("7");
  other.name = "g";
  emulator.running->add(other);
  const auto ask_g = [&emulator] {
    auto& outcome = emulator.invoke("{}", "g");
    emulator.run_until([&] { return outcome.has_value(); });
    return said(outcome);
  };
  CHECK(ask_g() == "7");

  auto& in_flight = emulator.invoke("slow");
  emulator.run_until([&] { return emulator.running->activity("f").running == 1; });
  CHECK(emulator.running->remove("f"));
  CHECK_FALSE(emulator.running->remove("f"));
  auto& late = emulator.invoke();
  emulator.run_until([&] { return late.has_value() && in_flight.has_value(); });
  CHECK(std::holds_alternative<service_failure>(late->answer));
  CHECK(said(in_flight) == "1");
  CHECK(ask_g() == "7");
  emulator.running->add(versioned::version("2"));
  CHECK(emulator.ask() == "2");
}

TEST_CASE("membership: what waits for a function that is removed is answered") {
  versioned emulator;
  emulator.replace_by("hang 2");
  auto& held = emulator.invoke();
  CHECK(emulator.running->remove("f"));
  emulator.run_until([&] { return held.has_value(); });
  CHECK(std::holds_alternative<service_failure>(held->answer));
  emulator.run_until([&] { return emulator.sandboxes.alive() == 0; });
}
