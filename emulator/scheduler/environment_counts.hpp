#pragma once

#include "runtime-api/protocol/environment_state.hpp"

#include <cstddef>

namespace kelvin {

/// Execution environments by what they can do. Those that are being shut down are counted nowhere.
struct environment_counts {
  std::size_t idle = 0;       ///< initialised, its runtime waits at `next`
  std::size_t reset = 0;      ///< without a process: takes an invocation and inits inside it
  std::size_t coming = 0;     ///< in its init phase, or being reset: will soon take one
  std::size_t running = 0;    ///< has an invocation that is not answered
  std::size_t finishing = 0;  ///< has answered, its runtime is not back at `next`

  /// One of them changes its state.
  void move(protocol::environment_state from, protocol::environment_state to) noexcept;

 private:
  /// Where an environment in this state is counted; null: nowhere.
  std::size_t* place_of(protocol::environment_state state) noexcept;
};

}  // namespace kelvin
