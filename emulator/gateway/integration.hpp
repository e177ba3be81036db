#pragma once

#include "emulator/gateway/deadline_queue.hpp"
#include "emulator/invoke/invoker.hpp"
#include "runtime-api/base/one_shot.hpp"
#include "runtime-api/base/task_group.hpp"

#include <memory>
#include <optional>

namespace kelvin {

/// An invocation that runs beside the request that waits for it, and outlives it where the caller's
/// patience ends first: on AWS, too, the function is not stopped.
class integration {
 public:
  /// Starts the invocation. Invoker and tasks must outlive it. `due`: where the caller's patience ends.
  static std::shared_ptr<integration> begin(invoker& on, task_group& tasks, invocation_request request,
                                            deadline_queue& deadlines, std::optional<steady_time> due);

  /// The outcome; nullopt: the time ran out. Wait once.
  awaitable<std::optional<invocation_outcome>> wait() { return outcome_.wait(); }

 private:
  static awaitable<void> run(invoker& on, invocation_request request, std::shared_ptr<integration> self);
  void settle(std::optional<invocation_outcome> outcome);

  one_shot<std::optional<invocation_outcome>> outcome_;
  std::unique_ptr<deadline_queue::deadline> patience_;
};

}  // namespace kelvin
