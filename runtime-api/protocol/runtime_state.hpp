#pragma once

#include "runtime-api/base/result.hpp"

#include <string_view>

namespace kelvin::protocol {

/// Where a runtime is in its conversation with the Runtime API. Names in error texts are those of the
/// Runtime Interface Emulator source, which AWS shows to runtimes.
enum class runtime_state {
  started,                    ///< the process runs its init
  ready,                      ///< waits at `next`
  running,                    ///< has an event
  invocation_response,        ///< its /response is being read
  invocation_error_response,  ///< its /error is being read
  response_sent,              ///< has answered, not yet back at `next`
  init_error,                 ///< reported /init/error; nothing follows
  restore_ready,              ///< waits at restore/next (SnapStart)
  restoring,                  ///< runs its restore hooks
  restore_error,              ///< reported a failed restore; nothing follows
};

/// What the runtime calls, then what happens on our side of the conversation.
enum class runtime_call {
  next,
  response,
  error,
  init_error,
  restore_next,
  restore_error,
  event_handed_out,   ///< the parked `next` is being answered
  event_not_taken,    ///< that answer did not reach the runtime
  answer_taken,       ///< the body of /response or /error is read to its end
  invocation_over,    ///< the platform answered in the runtime's stead (timeout)
  snapshot_restored,  ///< the parked restore/next is being answered
};

/// The state's name in error texts.
std::string_view name(runtime_state state) noexcept;

/// The state that `call` leads to from `state`. Errors: invalid_state, whose detail is AWS's text:
/// `State transition from X to Y failed for runtime. Error: State transition is not allowed`.
result<runtime_state> transition(runtime_state state, runtime_call call);

}  // namespace kelvin::protocol
