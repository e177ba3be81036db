#pragma once

#include "emulator/invoke/invoker.hpp"
#include "runtime-api/base/one_shot.hpp"
#include "runtime-api/base/task_group.hpp"

#include <memory>

namespace kelvin {

/// An invocation that runs beside the request that streams its answer, and outlives it where the caller goes first.
class integration {
 public:
  /// Starts the invocation. Invoker and tasks must outlive it.
  static std::shared_ptr<integration> begin(invoker& on, task_group& tasks, invocation_request request);

  /// Wait once.
  awaitable<invocation_outcome> wait() { return outcome_.wait(); }

 private:
  static awaitable<void> run(invoker& on, invocation_request request, std::shared_ptr<integration> self);

  one_shot<invocation_outcome> outcome_;
};

}  // namespace kelvin
