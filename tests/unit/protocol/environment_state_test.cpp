#include "runtime-api/protocol/environment_state.hpp"

#include <doctest/doctest.h>

#include <map>
#include <utility>
#include <vector>

namespace {

using namespace kelvin::protocol;
using state = environment_state;
using event = environment_event;

const std::vector<state> every_state{state::created,        state::initializing,  state::init_failed, state::idle,
                                     state::invoking,       state::finishing,     state::resetting,   state::reset,
                                     state::reinitializing, state::shutting_down, state::ended};

const std::vector<event> every_event{event::start,       event::init_succeeded, event::init_failed,
                                     event::invoke,      event::answered,       event::runtime_ready,
                                     event::reset_begun, event::processes_gone, event::shutdown_begun};

const std::map<std::pair<state, event>, state> legal{
    {{state::created, event::start}, state::initializing},
    {{state::created, event::shutdown_begun}, state::shutting_down},
    {{state::initializing, event::init_succeeded}, state::idle},
    {{state::initializing, event::init_failed}, state::init_failed},
    {{state::initializing, event::reset_begun}, state::resetting},
    {{state::initializing, event::shutdown_begun}, state::shutting_down},
    {{state::init_failed, event::reset_begun}, state::resetting},
    {{state::init_failed, event::shutdown_begun}, state::shutting_down},
    {{state::idle, event::invoke}, state::invoking},
    {{state::idle, event::reset_begun}, state::resetting},
    {{state::idle, event::shutdown_begun}, state::shutting_down},
    {{state::invoking, event::answered}, state::finishing},
    {{state::invoking, event::reset_begun}, state::resetting},
    {{state::invoking, event::shutdown_begun}, state::shutting_down},
    {{state::finishing, event::runtime_ready}, state::idle},
    {{state::finishing, event::reset_begun}, state::resetting},
    {{state::finishing, event::shutdown_begun}, state::shutting_down},
    {{state::resetting, event::processes_gone}, state::reset},
    {{state::resetting, event::shutdown_begun}, state::shutting_down},
    {{state::reset, event::invoke}, state::reinitializing},
    {{state::reset, event::shutdown_begun}, state::shutting_down},
    {{state::reinitializing, event::init_succeeded}, state::invoking},
    {{state::reinitializing, event::init_failed}, state::init_failed},
    {{state::reinitializing, event::reset_begun}, state::resetting},
    {{state::reinitializing, event::shutdown_begun}, state::shutting_down},
    {{state::shutting_down, event::processes_gone}, state::ended}};

TEST_CASE("environment states: each legal event leads where it must, each other one nowhere") {
  std::size_t accepted = 0;
  for (const state from : every_state) {
    for (const event what : every_event) {
      CAPTURE(name(from));
      CAPTURE(static_cast<int>(what));
      const auto reached = next(from, what);
      const auto expected = legal.find({from, what});
      REQUIRE(reached.has_value() == (expected != legal.end()));
      if (reached) {
        CHECK(name(*reached) == name(expected->second));
        ++accepted;
      }
    }
  }
  CHECK(accepted == legal.size());
}

TEST_CASE("environment states: nothing but ended is without a way to ended") {
  for (const state from : every_state) {
    CAPTURE(name(from));
    if (from == state::ended || from == state::shutting_down) {
      continue;
    }
    CHECK(next(from, event::shutdown_begun) == state::shutting_down);
  }
}

}  // namespace
