#include "emulator/scheduler/plan.hpp"

#include "runtime-api/base/limits.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace kelvin;
using namespace std::chrono_literals;

namespace {

const steady_time start{100s};

/// A snapshot with `count` admitted invocations that came `age` ago.
struct scene {
  explicit scene(std::size_t count, duration age = 0ns) {
    for (std::size_t index = 0; index < count; ++index) {
      waiting.push_back({start - age, start - age + 13s, false});
    }
    facts.environment_limit = 16;
    facts.machine_room = 32;
    facts.concurrency_limit = 1000;
  }
  scheduling_plan decide(steady_time now = start) {
    facts.waiting = waiting;
    return plan(facts, now);
  }
  kelvin::admission ask() {
    facts.waiting = waiting;
    return admit(facts);
  }
  std::vector<waiting_invocation> waiting;
  function_snapshot facts;
};

}  // namespace

TEST_CASE("an idle environment is used before one is created") {
  scene one(1);
  one.facts.idle = one.facts.environments = 1;
  const auto decided = one.decide();
  CHECK(decided.assign_idle == 1);
  CHECK(decided.create == 0);
  CHECK_FALSE(decided.wake);
}

TEST_CASE("initialised environments are used before those without a process") {
  scene three(3);
  three.facts.idle = 1;
  three.facts.reset = 1;
  three.facts.environments = 2;
  const auto decided = three.decide();
  CHECK(decided.assign_idle == 1);
  CHECK(decided.assign_reset == 1);
  CHECK(decided.create == 1);
}

TEST_CASE("a cold burst of N starts at most N environments") {
  for (std::size_t count = 1; count <= 40; ++count) {
    scene burst(count);
    burst.facts.environment_limit = 100;
    burst.facts.machine_room = 100;
    CHECK(burst.decide().create == count);
    // Once they are on their way, looking again starts none.
    burst.facts.coming = burst.facts.environments = count;
    CHECK(burst.decide().create == 0);
  }
}

TEST_CASE("a new invocation waits 20 ms for a finishing environment, then one is created") {
  scene one(1);
  one.facts.finishing = one.facts.environments = 1;
  const auto at_once = one.decide(start);
  CHECK(at_once.create == 0);
  REQUIRE(at_once.wake);
  CHECK(*at_once.wake == start + limits::finishing_wait);
  CHECK(one.decide(start + limits::finishing_wait - 1ns).create == 0);
  CHECK(one.decide(start + limits::finishing_wait).create == 1);
}

TEST_CASE("one finishing environment keeps only one invocation waiting") {
  scene three(3);
  three.facts.finishing = three.facts.environments = 1;
  CHECK(three.decide().create == 2);
}

TEST_CASE("the limits of environments bound what is created, and say which one was met") {
  scene many(10);
  many.facts.environment_limit = 4;
  auto decided = many.decide();
  CHECK(decided.create == 4);
  CHECK(decided.environment_limit_met);
  CHECK_FALSE(decided.machine_limit_met);

  many.facts.environment_limit = 16;
  many.facts.machine_room = 3;
  decided = many.decide();
  CHECK(decided.create == 3);
  CHECK_FALSE(decided.environment_limit_met);
  CHECK(decided.machine_limit_met);

  many.facts.environments = 20;  // more than the limit allows, e.g. while some are ending
  CHECK(many.decide().create == 0);
}

TEST_CASE("who waited longer than the timeout and 10 s is throttled, and woken for that") {
  scene two(2, 1s);
  two.waiting[0].give_up = start - 1ns;
  two.facts.environment_limit = 0;
  const auto decided = two.decide();
  CHECK(decided.throttle_waited == std::vector<std::size_t>{0});
  REQUIRE(decided.wake);
  CHECK(*decided.wake == two.waiting[1].give_up);
}

TEST_CASE("who waits for a debugged function is never throttled for it, nor woken") {
  scene one(1);
  one.waiting[0].give_up = waiting_invocation::never;
  one.facts.environment_limit = one.facts.environments = 1;
  const auto decided = one.decide(start + std::chrono::hours(1000));
  CHECK(decided.throttle_waited.empty());
  CHECK_FALSE(decided.wake);
}

TEST_CASE("the wait for a finishing environment grows by 20 ms at a time, up to 200 ms") {
  waiting_invocation each{start, start + 10s, false};
  CHECK(each.finishing_due() == start + 20ms);
  each.finishing_wait = longer_finishing_wait(each, start + 20ms);
  CHECK(each.finishing_wait == 40ms);
  each.finishing_wait = longer_finishing_wait(each, start + 45ms);  // looked at late
  CHECK(each.finishing_wait == 65ms);
  CHECK(longer_finishing_wait(each, start + 190ms) == 200ms);
  CHECK(longer_finishing_wait(each, start + 1s) == 200ms);
  CHECK(longer_finishing_wait(each, start) == 65ms);  // never less than it was
}

TEST_CASE("admission follows the concurrency limit") {
  scene none(0);
  none.facts.concurrency_limit = 2;
  none.facts.running = 1;
  CHECK(none.ask() == admission::admitted);
  none.facts.running = 2;
  CHECK(none.ask() == admission::throttled);
  none.facts.running = 1;
  none.facts.concurrency_elsewhere = 1;
  CHECK(none.ask() == admission::throttled);
  none.facts.finishing_elsewhere = 1;
  CHECK(none.ask() == admission::wait_for_finishing);
}

TEST_CASE("a limit of zero throttles at once, whatever is finishing") {
  scene none(0);
  none.facts.concurrency_limit = 0;
  none.facts.finishing = 1;
  CHECK(none.ask() == admission::throttled);
}

TEST_CASE("with the limit used up by a finishing environment, one waits for it and the next is throttled") {
  scene one(0);
  one.facts.concurrency_limit = 1;
  one.facts.finishing = one.facts.environments = 1;
  CHECK(one.ask() == admission::wait_for_finishing);
  one.waiting.push_back({start, start + 13s, true});
  CHECK(one.ask() == admission::throttled);
}

TEST_CASE("who waits over the limit is admitted when the environment is back, else throttled after 20 ms") {
  scene one(0);
  one.facts.concurrency_limit = 1;
  one.facts.environments = 1;
  one.waiting.push_back({start, start + 13s, true});

  one.facts.finishing = 1;
  auto decided = one.decide(start + 19ms);
  CHECK(decided.admit.empty());
  CHECK(decided.throttle_concurrency.empty());
  REQUIRE(decided.wake);
  CHECK(*decided.wake == start + limits::finishing_wait);

  decided = one.decide(start + 20ms);
  CHECK(decided.throttle_concurrency == std::vector<std::size_t>{0});

  one.facts.finishing = 0;
  one.facts.idle = 1;
  decided = one.decide(start + 20ms);
  CHECK(decided.admit == std::vector<std::size_t>{0});
  CHECK(decided.assign_idle == 1);
}

TEST_CASE("invariants hold for random snapshots") {
  const unsigned seed = test::random_seed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto up_to = [&random](unsigned most) { return std::uniform_int_distribution<std::size_t>(0, most)(random); };
  for (int round = 0; round < 20000; ++round) {
    scene any(0);
    for (std::size_t count = up_to(8); count > 0; --count) {
      const steady_time arrived = start - std::chrono::milliseconds(up_to(60));
      any.waiting.push_back({arrived, arrived + std::chrono::milliseconds(up_to(100)), up_to(3) == 0});
    }
    any.facts.idle = up_to(3);
    any.facts.reset = up_to(3);
    any.facts.coming = up_to(3);
    any.facts.running = up_to(3);
    any.facts.finishing = up_to(3);
    any.facts.environments =
        any.facts.idle + any.facts.reset + any.facts.coming + any.facts.running + any.facts.finishing;
    any.facts.environment_limit = up_to(20);
    any.facts.machine_room = up_to(10);
    any.facts.concurrency_limit = up_to(20);
    const auto decided = any.decide();
    CHECK(decided.assign_idle <= any.facts.idle);
    CHECK(decided.assign_reset <= any.facts.reset);
    CHECK(decided.create <= any.facts.machine_room);
    CHECK((decided.create == 0 || any.facts.environments + decided.create <= any.facts.environment_limit));
    const std::size_t settled = decided.assign_idle + decided.assign_reset + decided.create +
                                decided.throttle_concurrency.size() + decided.throttle_waited.size();
    CHECK(settled <= any.waiting.size());
    // Nobody is forgotten: whoever still waits has a time at which it is looked at again.
    const std::size_t gone = settled - decided.create;
    CHECK((gone == any.waiting.size() || decided.wake.has_value()));
  }
}
