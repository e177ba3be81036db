#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/invoke/invocation_request.hpp"
#include "runtime-api/base/awaitable.hpp"

namespace kelvin {

/// The seam between those who make invocations (front doors, event sources, the command line) and
/// those who run them (the scheduler).
class invoker {
 public:
  virtual ~invoker() = default;
  /// Runs one invocation to its answer. Always returns: every wait inside has a deadline.
  virtual awaitable<invocation_outcome> invoke(invocation_request request) = 0;
};

}  // namespace kelvin
