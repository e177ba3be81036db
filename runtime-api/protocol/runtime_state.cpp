#include "runtime-api/protocol/runtime_state.hpp"

#include <optional>
#include <string>

namespace kelvin::protocol {
namespace {

using state = runtime_state;
using call = runtime_call;

/// What the refusal names as the state aimed at.
state target(call made) noexcept {
  switch (made) {
    case call::next: return state::ready;
    case call::response: return state::invocation_response;
    case call::error: return state::invocation_error_response;
    case call::init_error: return state::init_error;
    case call::restore_next: return state::restore_ready;
    case call::restore_error: return state::restore_error;
    case call::event_handed_out: return state::running;
    case call::event_not_taken: return state::ready;
    case call::answer_taken: return state::response_sent;
    case call::invocation_over: return state::response_sent;
    case call::snapshot_restored: return state::restoring;
  }
  return state::ready;
}

std::optional<state> from_started(call made) noexcept {
  switch (made) {
    case call::next: return state::ready;
    case call::init_error: return state::init_error;
    case call::restore_next: return state::restore_ready;
    default: return std::nullopt;
  }
}

std::optional<state> from_ready(call made) noexcept {
  switch (made) {
    case call::next: return state::ready;  // A second parked `next` is legal.
    case call::event_handed_out: return state::running;
    default: return std::nullopt;
  }
}

std::optional<state> from_running(call made) noexcept {
  switch (made) {
    case call::next: return state::running;  // The same event is handed out again.
    case call::event_not_taken: return state::ready;
    case call::response: return state::invocation_response;
    case call::error: return state::invocation_error_response;
    case call::invocation_over: return state::response_sent;
    default: return std::nullopt;
  }
}

std::optional<state> from_answering(call made) noexcept {
  const bool answered = made == call::answer_taken || made == call::invocation_over;
  return answered ? std::optional(state::response_sent) : std::nullopt;
}

std::optional<state> from_restoring(call made) noexcept {
  switch (made) {
    case call::next: return state::ready;
    case call::restore_error: return state::restore_error;
    case call::init_error: return state::restore_error;
    default: return std::nullopt;
  }
}

std::optional<state> follow(state from, call made) noexcept {
  switch (from) {
    case state::started: return from_started(made);
    case state::ready: return from_ready(made);
    case state::running: return from_running(made);
    case state::invocation_response: return from_answering(made);
    case state::invocation_error_response: return from_answering(made);
    case state::response_sent: return made == call::next ? std::optional(state::ready) : std::nullopt;
    case state::restore_ready: return made == call::snapshot_restored ? std::optional(state::restoring) : std::nullopt;
    case state::restoring: return from_restoring(made);
    case state::init_error: return std::nullopt;
    case state::restore_error: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(runtime_state of) noexcept {
  switch (of) {
    case state::started: return "Started";
    case state::ready: return "Ready";
    case state::running: return "Running";
    case state::invocation_response: return "InvocationResponse";
    case state::invocation_error_response: return "InvocationErrorResponse";
    case state::response_sent: return "RuntimeResponseSentState";
    case state::init_error: return "InitError";
    case state::restore_ready: return "RestoreReady";
    case state::restoring: return "Restoring";
    case state::restore_error: return "RuntimeRestoreErrorState";
  }
  return "Unknown";
}

result<runtime_state> transition(runtime_state from, runtime_call made) {
  if (const auto to = follow(from, made)) {
    return *to;
  }
  std::string text = "State transition from ";
  text.append(name(from)).append(" to ").append(name(target(made)));
  text.append(" failed for runtime. Error: State transition is not allowed");
  return fail(errc::invalid_state, std::move(text));
}

}  // namespace kelvin::protocol
