#include "runtime-api/protocol/environment_state.hpp"

#include <array>

namespace kelvin::protocol {
namespace {

using state = environment_state;
using event = environment_event;

struct edge {
  state from;
  event what;
  state to;
};

constexpr std::array edges{
    edge{state::created, event::start, state::initializing},
    edge{state::created, event::shutdown_begun, state::shutting_down},

    edge{state::initializing, event::init_succeeded, state::idle},
    edge{state::initializing, event::init_failed, state::init_failed},
    edge{state::initializing, event::reset_begun, state::resetting},
    edge{state::initializing, event::shutdown_begun, state::shutting_down},

    edge{state::init_failed, event::reset_begun, state::resetting},
    edge{state::init_failed, event::shutdown_begun, state::shutting_down},

    edge{state::idle, event::invoke, state::invoking},
    edge{state::idle, event::reset_begun, state::resetting},
    edge{state::idle, event::shutdown_begun, state::shutting_down},

    edge{state::invoking, event::answered, state::finishing},
    edge{state::invoking, event::reset_begun, state::resetting},
    edge{state::invoking, event::shutdown_begun, state::shutting_down},

    edge{state::finishing, event::runtime_ready, state::idle},
    edge{state::finishing, event::reset_begun, state::resetting},
    edge{state::finishing, event::shutdown_begun, state::shutting_down},

    edge{state::resetting, event::processes_gone, state::reset},
    edge{state::resetting, event::shutdown_begun, state::shutting_down},

    edge{state::reset, event::invoke, state::reinitializing},
    edge{state::reset, event::shutdown_begun, state::shutting_down},

    edge{state::reinitializing, event::init_succeeded, state::invoking},
    edge{state::reinitializing, event::init_failed, state::init_failed},
    edge{state::reinitializing, event::reset_begun, state::resetting},
    edge{state::reinitializing, event::shutdown_begun, state::shutting_down},

    edge{state::shutting_down, event::processes_gone, state::ended},
};

}  // namespace

std::string_view name(environment_state of) noexcept {
  switch (of) {
    case state::created: return "created";
    case state::initializing: return "initializing";
    case state::init_failed: return "init_failed";
    case state::idle: return "idle";
    case state::invoking: return "invoking";
    case state::finishing: return "finishing";
    case state::resetting: return "resetting";
    case state::reset: return "reset";
    case state::reinitializing: return "reinitializing";
    case state::shutting_down: return "shutting_down";
    case state::ended: return "ended";
  }
  return "unknown";
}

std::optional<environment_state> next(environment_state from, environment_event what) noexcept {
  for (const edge& each : edges) {
    if (each.from == from && each.what == what) {
      return each.to;
    }
  }
  return std::nullopt;
}

}  // namespace kelvin::protocol
