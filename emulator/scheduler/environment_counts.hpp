#pragma once

#include "runtime-api/protocol/environment_state.hpp"

#include <cstddef>

namespace kelvin {

/// Execution environments by what they can do, as function_snapshot tells them apart. Those that are being
/// shut down are counted nowhere.
struct environment_counts {
  std::size_t idle = 0;
  std::size_t reset = 0;
  std::size_t coming = 0;
  std::size_t running = 0;
  std::size_t finishing = 0;

  /// One of them changes its state.
  void move(protocol::environment_state from, protocol::environment_state to) noexcept;

 private:
  /// Where an environment in this state is counted; null: nowhere.
  std::size_t* place_of(protocol::environment_state state) noexcept;
};

}  // namespace kelvin
