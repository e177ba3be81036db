// The invocations of a pool that have no execution environment yet.

#include "emulator/scheduler/scheduler.hpp"
#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {

using protocol::environment_state;

void scheduler::count_waiting(pool& of, const waiting_invocation& each, int change) noexcept {
  const auto step = static_cast<std::size_t>(change);  // wraps round: -1 takes one away
  if (each.over_limit) {
    of.over_limit_waiting += step;
    over_limit_waiting_ += step;
  } else if (!of.function.reserved_concurrency) {
    unreserved_admitted_waiting_ += step;
  }
}

std::shared_ptr<invocation> scheduler::take_waiting(pool& of, std::size_t position) {
  const auto offset = static_cast<std::ptrdiff_t>(position);
  std::shared_ptr<invocation> taken = std::move(of.waiting_given[position]);
  of.waiting_given.erase(of.waiting_given.begin() + offset);
  count_waiting(of, of.waiting[position], -1);
  of.waiting.erase(of.waiting.begin() + offset);
  return taken;
}

/// The oldest that is not over the concurrency limit; null if there is none.
std::shared_ptr<invocation> scheduler::take_first_admitted(pool& of) {
  for (std::size_t position = 0; position < of.waiting.size(); ++position) {
    if (!of.waiting[position].over_limit) {
      return take_waiting(of, position);
    }
  }
  return nullptr;
}

/// On a busy machine a function's way back to `next` may take longer than any sensible wait.
void scheduler::extend_finishing_waits(pool& of) {
  const steady_time now = services_.clock.now();
  const auto is_over = [now](const waiting_invocation& each) {
    return now >= each.finishing_due() && each.finishing_wait < limits::finishing_wait_longest;
  };
  if (std::none_of(of.waiting.begin(), of.waiting.end(), is_over) || !finishing_waits_for_cpu()) {
    return;
  }
  for (waiting_invocation& each : of.waiting) {
    if (is_over(each)) {
      each.finishing_wait = longer_finishing_wait(each, now);
    }
  }
}

bool scheduler::finishing_waits_for_cpu() const {
  bool found = false;
  for_each_pool([&found](const pool& each) {
    found = found || (each.counts.finishing != 0 &&
                      std::any_of(each.environments.begin(), each.environments.end(), [](const auto& environment) {
                        return environment->state() == environment_state::finishing && environment->wants_cpu();
                      }));
  });
  return found;
}

}  // namespace kelvin
