// How a scheduler comes to its end.

#include "emulator/scheduler/scheduler.hpp"
#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {

using protocol::environment_state;

void scheduler::end_invocation() {
  --invocations_in_progress_;
  settle_drain();
}

/// An answer is not the end of an invocation: its REPORT comes with the runtime's next `next`.
bool scheduler::is_drained() const {
  if (invocations_in_progress_ > 0 || (drain_waits_for_environments_ && environment_count_ > 0)) {
    return false;
  }
  bool busy = false;
  for_each_pool([&busy](const pool& of) {
    busy = busy || std::any_of(of.environments.begin(), of.environments.end(), [](const auto& each) {
             return each->state() != environment_state::initializing && !each->can_invoke();
           });
  });
  return !busy;
}

void scheduler::settle_drain() {
  if (!stopping_ || !is_drained()) {
    return;
  }
  for (one_shot<bool>* each : std::exchange(drained_, {})) {
    each->set(true);
  }
}

awaitable<void> scheduler::drain(duration limit) {
  stopping_ = true;
  if (is_drained()) {
    co_return;
  }
  one_shot<bool> done;
  drained_.push_back(&done);
  drain_alarm_->set(services_.clock.now() + limit);
  co_await done.wait();
  drain_alarm_->clear();
}

awaitable<void> scheduler::shut_down() {
  stopping_ = true;
  drain_waits_for_environments_ = true;
  for_each_pool([this](pool& of) {
    while (!of.waiting.empty()) {
      take_waiting(of, of.waiting.size() - 1)->finish({service_failure{"kelvin is stopping"}, {}, {}});
    }
    const auto environments = of.environments;
    for (const auto& each : environments) {
      each->shut_down();
    }
  });
  if (!is_drained()) {
    one_shot<bool> done;
    drained_.push_back(&done);
    drain_alarm_->set(services_.clock.now() + limits::shutdown);
    co_await done.wait();
    drain_alarm_->clear();
  }
}

}  // namespace kelvin
