#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/invoke/invocation_request.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/one_shot.hpp"

namespace kelvin {

/// One invocation on its way through the emulator: what was asked, and the place of the answer.
/// Shared by who waits for the answer and the execution environment that makes it.
struct invocation {
  explicit invocation(invocation_request given) : request(std::move(given)) {}

  invocation_request request;
  one_shot<invocation_outcome> outcome;
  /// An answer that waits for REPORT because the caller wants the log's end.
  std::optional<invocation_outcome> held_outcome;
};

}  // namespace kelvin
