#include "runtime-api/protocol/extension_state.hpp"

#include <optional>
#include <string>

namespace kelvin::protocol {
namespace {

using state = extension_state;
using call = extension_call;

/// The state each call aims at, reached or not.
state target(call made) noexcept {
  switch (made) {
    case call::register_: return state::registered;
    case call::next: return state::ready;
    case call::init_error: return state::init_error;
    case call::exit_error: return state::exit_error;
    case call::event_handed_out: return state::running;
    case call::shutdown_failed: return state::shutdown_failed;
    case call::exited: return state::exited;
    case call::launch_failed: return state::launch_error;
  }
  return state::launch_error;
}

bool ends_at_shutdown(call made) noexcept {
  return made == call::shutdown_failed || made == call::exited;
}

bool allowed(state from, call made) noexcept {
  switch (from) {
    case state::started: return made == call::register_ || made == call::launch_failed || ends_at_shutdown(made);
    case state::registered:
      return made == call::next || made == call::init_error || made == call::exit_error || ends_at_shutdown(made);
    case state::ready: return made == call::event_handed_out || made == call::exit_error || ends_at_shutdown(made);
    case state::running: return made == call::next || made == call::exit_error || ends_at_shutdown(made);
    case state::init_error: return made == call::init_error;
    case state::exit_error: return made == call::exit_error;
    case state::shutdown_failed: return false;
    case state::exited: return false;
    case state::launch_error: return false;
  }
  return false;
}

}  // namespace

std::string_view name(extension_state of) noexcept {
  switch (of) {
    case state::started: return "Started";
    case state::registered: return "Registered";
    case state::ready: return "Ready";
    case state::running: return "Running";
    case state::init_error: return "InitError";
    case state::exit_error: return "ExitError";
    case state::shutdown_failed: return "ShutdownFailed";
    case state::exited: return "Exited";
    case state::launch_error: return "LaunchError";
  }
  return "Unknown";
}

result<extension_state> transition(extension_state from, extension_call made, std::string_view extension) {
  const state to = target(made);
  if (allowed(from, made)) {
    return to;
  }
  std::string text = "State transition from ";
  text.append(name(from)).append(" to ").append(name(to)).append(" failed for extension ").append(extension);
  text.append(". Error: State transition is not allowed");
  return fail(errc::invalid_state, std::move(text));
}

}  // namespace kelvin::protocol
