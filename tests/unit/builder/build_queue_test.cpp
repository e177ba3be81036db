#include "emulator/builder/build_queue.hpp"

#include "emulator/builder/build_limits.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace kelvin::test {
namespace {

build_action start(std::string build) {
  return {build_action::kind::start, std::move(build)};
}
build_action cancel(std::string build) {
  return {build_action::kind::cancel, std::move(build)};
}

/// What the queue wants done, of a call that must succeed.
build_actions wanted(const result<build_actions>& outcome) {
  REQUIRE(succeeds(outcome));
  return *outcome;
}

enum class call { changed, finished_good, finished_bad, give_up, remove };

struct transition {
  build_state from;
  call what;
  std::optional<build_state> to;  ///< nullopt: refused
  build_actions actions;
};

/// A queue of one place that `other` may hold, with build `x` in that state.
build_queue queue_in(build_state state) {
  build_queue queue(1);
  REQUIRE(queue.add("x", "").has_value());
  REQUIRE(queue.add("other", "").has_value());
  const auto done = [](const auto& outcome) { REQUIRE(succeeds(outcome)); };
  switch (state) {
    case build_state::idle: break;
    case build_state::waiting:
      done(queue.changed("other"));
      done(queue.changed("x"));
      break;
    case build_state::running: done(queue.changed("x")); break;
    case build_state::cancelling:
      done(queue.changed("x"));
      done(queue.give_up("x"));
      break;
    case build_state::failed:
      done(queue.changed("x"));
      done(queue.finished("x", false));
      break;
    case build_state::good:
      done(queue.changed("x"));
      done(queue.finished("x", true));
      break;
  }
  REQUIRE(queue.state("x").value() == state);
  return queue;
}

constexpr build_state all_states[] = {build_state::idle,       build_state::waiting, build_state::running,
                                      build_state::cancelling, build_state::failed,  build_state::good};

void check_transition(const transition& each) {
  CAPTURE(static_cast<int>(each.from));
  CAPTURE(static_cast<int>(each.what));
  build_queue queue = queue_in(each.from);
  if (each.what == call::remove) {
    const auto removed = queue.remove("x");
    CHECK(removed.has_value() == each.to.has_value());
    CHECK(queue.state("x").has_value() != each.to.has_value());
    if (!each.to) {
      failure_text(removed, errc::invalid_state);
    }
    return;
  }
  const auto outcome = each.what == call::changed   ? queue.changed("x")
                       : each.what == call::give_up ? queue.give_up("x")
                                                    : queue.finished("x", each.what == call::finished_good);
  CHECK(queue.state("x").value() == each.to.value_or(each.from));
  if (each.to) {
    CHECK(wanted(outcome) == each.actions);
  } else {
    failure_text(outcome, errc::invalid_state);
  }
}

}  // namespace

TEST_CASE("build queue: each legal transition leads where it must, each other one is refused") {
  using state = build_state;
  const std::vector<transition> table = {
      {state::idle, call::changed, state::running, {start("x")}},
      {state::idle, call::finished_good, {}, {}},
      {state::idle, call::finished_bad, {}, {}},
      {state::idle, call::give_up, {}, {}},
      {state::idle, call::remove, state::idle, {}},
      {state::waiting, call::changed, state::waiting, {}},
      {state::waiting, call::finished_good, {}, {}},
      {state::waiting, call::finished_bad, {}, {}},
      {state::waiting, call::give_up, state::idle, {}},
      {state::waiting, call::remove, {}, {}},
      {state::running, call::changed, state::cancelling, {cancel("x")}},
      {state::running, call::finished_good, state::good, {}},
      {state::running, call::finished_bad, state::failed, {}},
      {state::running, call::give_up, state::cancelling, {cancel("x")}},
      {state::running, call::remove, {}, {}},
      {state::cancelling, call::changed, state::cancelling, {}},
      {state::cancelling, call::finished_good, state::idle, {}},
      {state::cancelling, call::finished_bad, state::idle, {}},
      {state::cancelling, call::give_up, state::cancelling, {}},
      {state::cancelling, call::remove, {}, {}},
      {state::failed, call::changed, state::running, {start("x")}},
      {state::failed, call::finished_good, {}, {}},
      {state::failed, call::finished_bad, {}, {}},
      {state::failed, call::give_up, {}, {}},
      {state::failed, call::remove, state::idle, {}},
      {state::good, call::changed, state::running, {start("x")}},
      {state::good, call::finished_good, {}, {}},
      {state::good, call::finished_bad, {}, {}},
      {state::good, call::give_up, {}, {}},
      {state::good, call::remove, state::idle, {}},
  };
  CHECK(table.size() == std::size(all_states) * 5);
  for (const transition& each : table) {
    check_transition(each);
  }
}

TEST_CASE("build queue: a change during a build cancels it and starts it again") {
  build_queue queue(2);
  REQUIRE(queue.add("x", "").has_value());
  CHECK(wanted(queue.changed("x")) == build_actions{start("x")});
  CHECK(wanted(queue.changed("x")) == build_actions{cancel("x")});
  CHECK(wanted(queue.changed("x")).empty());
  CHECK(queue.restarts("x").value() == 1);
  // What it made before it was told is older than the change.
  CHECK(wanted(queue.finished("x", true)) == build_actions{start("x")});
  CHECK(wanted(queue.finished("x", true)).empty());
  CHECK(queue.state("x").value() == build_state::good);
  CHECK(queue.restarts("x").value() == 0);
}

TEST_CASE("build queue: a change after it was given up starts it again once it has ended") {
  build_queue queue = queue_in(build_state::cancelling);
  CHECK(wanted(queue.changed("x")).empty());
  CHECK(wanted(queue.finished("x", false)) == build_actions{start("x")});
  // And the other way round: given up for good.
  CHECK(wanted(queue.changed("x")) == build_actions{cancel("x")});
  CHECK(wanted(queue.give_up("x")).empty());
  CHECK(wanted(queue.finished("x", false)).empty());
  CHECK(queue.state("x").value() == build_state::idle);
}

TEST_CASE("build queue: no more at once than there are places, first come first served") {
  build_queue queue(2);
  for (const char* build : {"a", "b", "c", "d"}) {
    REQUIRE(queue.add(build, "").has_value());
  }
  CHECK(wanted(queue.changed("c")) == build_actions{start("c")});
  CHECK(wanted(queue.changed("d")) == build_actions{start("d")});
  CHECK(wanted(queue.changed("b")).empty());
  CHECK(wanted(queue.changed("a")).empty());
  CHECK(wanted(queue.changed("b")).empty());
  CHECK(queue.running() == 2);
  // A build that is being cancelled still runs, and goes behind those that wait.
  CHECK(wanted(queue.changed("c")) == build_actions{cancel("c")});
  CHECK(wanted(queue.finished("c", false)) == build_actions{start("b")});
  CHECK(wanted(queue.finished("d", false)) == build_actions{start("a")});
  CHECK(wanted(queue.finished("a", true)) == build_actions{start("c")});
  CHECK(queue.state("d").value() == build_state::failed);
}

TEST_CASE("build queue: of those with a common place one at a time") {
  build_queue queue(4);
  REQUIRE(queue.add("a", "/p").has_value());
  REQUIRE(queue.add("b", "/p").has_value());
  REQUIRE(queue.add("c", "/q").has_value());
  CHECK(wanted(queue.changed("a")) == build_actions{start("a")});
  CHECK(wanted(queue.changed("b")).empty());
  CHECK(wanted(queue.changed("c")) == build_actions{start("c")});
  CHECK(wanted(queue.changed("a")) == build_actions{cancel("a")});
  CHECK(wanted(queue.finished("a", false)) == build_actions{start("b")});
  CHECK(wanted(queue.finished("b", true)) == build_actions{start("a")});
}

TEST_CASE("build queue: giving up one that waits lets nobody else wait for it") {
  build_queue queue(1);
  REQUIRE(queue.add("a", "").has_value());
  REQUIRE(queue.add("b", "").has_value());
  CHECK(wanted(queue.changed("a")) == build_actions{start("a")});
  CHECK(wanted(queue.changed("b")).empty());
  CHECK(wanted(queue.give_up("b")).empty());
  CHECK(wanted(queue.finished("a", true)).empty());
  REQUIRE(queue.remove("b").has_value());
  CHECK(wanted(queue.changed("a")) == build_actions{start("a")});
}

TEST_CASE("build queue: changes on end let a build run through in the end") {
  build_queue queue(1);
  REQUIRE(queue.add("x", "").has_value());
  CHECK(wanted(queue.changed("x")) == build_actions{start("x")});
  for (unsigned restart = 1; restart <= limits::build_restarts; ++restart) {
    CHECK(wanted(queue.changed("x")) == build_actions{cancel("x")});
    CHECK(wanted(queue.finished("x", false)) == build_actions{start("x")});
    CHECK(queue.restarts("x").value() == restart);
  }
  CHECK(wanted(queue.changed("x")).empty());
  CHECK(wanted(queue.changed("x")).empty());
  CHECK(queue.state("x").value() == build_state::running);
  CHECK(wanted(queue.finished("x", true)) == build_actions{start("x")});
  CHECK(wanted(queue.finished("x", true)).empty());
  CHECK(queue.restarts("x").value() == 0);
  CHECK(wanted(queue.changed("x")) == build_actions{start("x")});
  CHECK(wanted(queue.changed("x")) == build_actions{cancel("x")});
}

TEST_CASE("build queue: what is not known, or known already") {
  build_queue queue(1);
  REQUIRE(queue.add("x", "").has_value());
  failure_text(queue.add("x", ""), errc::invalid_state);
  CHECK(contains(failure_text(queue.changed("y"), errc::not_found), "y"));
  failure_text(queue.finished("y", true), errc::not_found);
  failure_text(queue.give_up("y"), errc::not_found);
  failure_text(queue.remove("y"), errc::not_found);
  failure_text(queue.state("y"), errc::not_found);
  failure_text(queue.restarts("y"), errc::not_found);
}

TEST_CASE("build queue: random calls never run too many, nor one twice, and leave nobody waiting") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937 random(seed);
  const std::map<std::string, std::string> places = {{"a", "/p"}, {"b", "/p"}, {"c", ""}, {"d", ""}, {"e", "/q"}};
  build_queue queue(2);
  for (const auto& [build, place] : places) {
    REQUIRE(queue.add(build, place).has_value());
  }
  std::set<std::string> runs;
  const auto carry_out = [&](const result<build_actions>& outcome) {
    if (!outcome) {
      return;
    }
    for (const build_action& action : *outcome) {
      if (action.what == build_action::kind::start) {
        CHECK(runs.insert(action.build).second);
      } else {
        CHECK(runs.contains(action.build));
      }
    }
  };
  for (int step = 0; step < 20000; ++step) {
    const std::string build = std::next(places.begin(), static_cast<int>(random() % places.size()))->first;
    const unsigned what = random() % 8;
    if (what < 4) {
      carry_out(queue.changed(build));
    } else if (what == 4) {
      carry_out(queue.give_up(build));
    } else if (runs.erase(build) == 1) {
      carry_out(queue.finished(build, what == 5));
    } else {
      CHECK(queue.finished(build, true).has_error());
    }
    CHECK(runs.size() == queue.running());
    CHECK(runs.size() <= 2);
    CHECK_FALSE((runs.contains("a") && runs.contains("b")));
    const bool room = runs.size() < 2;
    for (const auto& [each, place] : places) {
      const bool held = place == "/p" && (runs.contains("a") || runs.contains("b"));
      CHECK_FALSE((room && !held && queue.state(each).value() == build_state::waiting));
    }
  }
}

}  // namespace kelvin::test
