#include "emulator/scheduler/environment_counts.hpp"

namespace kelvin {

using protocol::environment_state;

std::size_t* environment_counts::place_of(environment_state state) noexcept {
  switch (state) {
    case environment_state::idle: return &idle;
    case environment_state::reset: return &reset;
    case environment_state::initializing:
    case environment_state::init_failed:
    case environment_state::resetting: return &coming;
    case environment_state::reinitializing:
    case environment_state::invoking: return &running;
    case environment_state::finishing: return &finishing;
    case environment_state::created:
    case environment_state::shutting_down:
    case environment_state::ended: return nullptr;
  }
  return nullptr;
}

void environment_counts::move(environment_state from, environment_state to) noexcept {
  if (std::size_t* const left = place_of(from)) {
    --*left;
  }
  if (std::size_t* const entered = place_of(to)) {
    ++*entered;
  }
}

}  // namespace kelvin
