#include "emulator/scheduler/environment_counts.hpp"

#include <doctest/doctest.h>

#include <array>

namespace {

using kelvin::environment_counts;
using kelvin::protocol::environment_state;

std::array<std::size_t, 5> values(const environment_counts& counts) {
  return {counts.idle, counts.reset, counts.coming, counts.running, counts.finishing};
}

TEST_CASE("environments are counted by what they can do") {
  using state = environment_state;
  using expected = std::array<std::size_t, 5>;
  environment_counts counts;
  const auto move = [&counts](state from, state to) {
    counts.move(from, to);
    return values(counts);
  };
  CHECK(move(state::created, state::initializing) == expected{0, 0, 1, 0, 0});
  CHECK(move(state::initializing, state::idle) == expected{1, 0, 0, 0, 0});
  CHECK(move(state::idle, state::invoking) == expected{0, 0, 0, 1, 0});
  CHECK(move(state::created, state::initializing) == expected{0, 0, 1, 1, 0});
  CHECK(move(state::initializing, state::init_failed) == expected{0, 0, 1, 1, 0});
  CHECK(move(state::init_failed, state::reset) == expected{0, 1, 0, 1, 0});
  CHECK(move(state::reset, state::reinitializing) == expected{0, 0, 0, 2, 0});
  CHECK(move(state::reinitializing, state::resetting) == expected{0, 0, 1, 1, 0});
  CHECK(move(state::resetting, state::reset) == expected{0, 1, 0, 1, 0});
  CHECK(move(state::invoking, state::finishing) == expected{0, 1, 0, 0, 1});
  CHECK(move(state::finishing, state::idle) == expected{1, 1, 0, 0, 0});
  CHECK(move(state::idle, state::shutting_down) == expected{0, 1, 0, 0, 0});
  CHECK(move(state::shutting_down, state::ended) == expected{0, 1, 0, 0, 0});
}

}  // namespace
