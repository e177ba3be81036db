#pragma once

#include <optional>
#include <string_view>

namespace kelvin::protocol {

/// Where an execution environment is in its life (AWS documentation: Lambda execution environment
/// lifecycle).
enum class environment_state {
  created,         ///< nothing was started yet
  initializing,    ///< init phase: the runtime is on its way to its first `next`
  init_failed,     ///< the init phase failed or timed out; its processes are to be cleared away
  idle,            ///< waits at `next`
  invoking,        ///< the runtime has an event, or is about to be given it
  finishing,       ///< the runtime has answered but is not back at `next`
  resetting,       ///< processes are being killed after a failure or a timeout
  reset,           ///< no process; the next invocation runs the init again
  reinitializing,  ///< init inside an invocation ("suppressed init")
  shutting_down,   ///< processes are being ended for good
  ended,           ///< nothing is left of it
};

enum class environment_event {
  start,           ///< the init phase begins
  init_succeeded,  ///< first `next`
  init_failed,
  invoke,          ///< an invocation was given to it
  answered,        ///< /response or /error was taken whole
  runtime_ready,   ///< the `next` behind an answer
  reset_begun,     ///< crash, timeout, or a failed init to be cleared away
  processes_gone,  ///< the last process of the tree has ended
  shutdown_begun,
};

std::string_view name(environment_state state) noexcept;

/// The state that `event` leads to, nullopt if it must not happen in `state`.
std::optional<environment_state> next(environment_state state, environment_event event) noexcept;

}  // namespace kelvin::protocol
