#pragma once

#include "runtime-api/base/result.hpp"

#include <string_view>

namespace kelvin::protocol {

/// Where an extension is in its life. Names in error texts are those of the Runtime Interface
/// Emulator source, which AWS shows to extensions.
enum class extension_state {
  started,          ///< the process runs, or the internal extension is not yet known
  registered,       ///< has registered, not yet at its first event/next
  ready,            ///< waits at event/next
  running,          ///< has an event
  init_error,       ///< reported init/error; terminal
  exit_error,       ///< reported exit/error; terminal
  shutdown_failed,  ///< was killed, or ended with a status other than 0, during shutdown; terminal
  exited,           ///< ended with status 0 during shutdown; terminal
  launch_error,     ///< could not be started; terminal
};

/// What the extension calls, then what happens to it.
enum class extension_call {
  register_,
  next,
  init_error,
  exit_error,
  event_handed_out,  ///< the waiting event/next is being answered
  shutdown_failed,
  exited,
  launch_failed,
};

/// The state's name in error texts.
std::string_view name(extension_state state) noexcept;

/// The state that `call` leads to from `state`. `extension` is what the error text calls it: its name
/// where it registers, its identifier later. A repeated init/error or exit/error is accepted and
/// changes nothing (AWS documentation). Errors: invalid_state, whose detail is AWS's text: `State
/// transition from X to Y failed for extension E. Error: State transition is not allowed`.
result<extension_state> transition(extension_state state, extension_call call, std::string_view extension);

}  // namespace kelvin::protocol
