#include "emulator/scheduler/plan.hpp"

#include "runtime-api/base/limits.hpp"

#include <algorithm>

namespace kelvin {
namespace {

std::size_t over_limit_count(std::span<const waiting_invocation> waiting) {
  return static_cast<std::size_t>(
      std::count_if(waiting.begin(), waiting.end(), [](const waiting_invocation& each) { return each.over_limit; }));
}

/// Invocations that count against the concurrency limit.
std::size_t concurrency_in_use(const function_snapshot& snapshot) {
  const std::size_t admitted = snapshot.waiting.size() - over_limit_count(snapshot.waiting);
  return snapshot.running + snapshot.finishing + admitted + snapshot.concurrency_elsewhere;
}

void wake_at(scheduling_plan& decided, steady_time when) {
  if (!decided.wake || when < *decided.wake) {
    decided.wake = when;
  }
}

/// Admits those over the limit that now fit, throttles those whose short wait is over. Returns which
/// positions stay admitted, oldest first.
std::vector<std::size_t> settle_limits(const function_snapshot& snapshot, steady_time now, scheduling_plan& decided) {
  std::vector<std::size_t> admitted;
  std::size_t in_use = concurrency_in_use(snapshot);
  for (std::size_t position = 0; position < snapshot.waiting.size(); ++position) {
    const waiting_invocation& each = snapshot.waiting[position];
    if (each.over_limit && in_use < snapshot.concurrency_limit) {
      decided.admit.push_back(position);
      ++in_use;
    } else if (each.over_limit) {
      if (now >= each.arrived + limits::finishing_wait) {
        decided.throttle_concurrency.push_back(position);
      } else {
        wake_at(decided, each.arrived + limits::finishing_wait);
      }
      continue;
    }
    admitted.push_back(position);
  }
  return admitted;
}

}  // namespace

admission admit(const function_snapshot& now) {
  if (concurrency_in_use(now) < now.concurrency_limit) {
    return admission::admitted;
  }
  const std::size_t about_to_be_free = now.finishing + now.finishing_elsewhere;
  if (now.concurrency_limit > 0 && about_to_be_free > over_limit_count(now.waiting)) {
    return admission::wait_for_finishing;
  }
  return admission::throttled;
}

scheduling_plan plan(const function_snapshot& snapshot, steady_time now) {
  scheduling_plan decided;
  const std::vector<std::size_t> admitted = settle_limits(snapshot, now, decided);
  decided.assign_idle = std::min(snapshot.idle, admitted.size());
  decided.assign_reset = std::min(snapshot.reset, admitted.size() - decided.assign_idle);

  // Each one left is covered by a finishing environment while it may wait for one, else by an
  // environment that is coming, else it needs a new one.
  std::size_t finishing = snapshot.finishing;
  std::size_t coming = snapshot.coming;
  std::size_t needed = 0;
  for (std::size_t index = decided.assign_idle + decided.assign_reset; index < admitted.size(); ++index) {
    const waiting_invocation& each = snapshot.waiting[admitted[index]];
    if (now >= each.give_up) {
      decided.throttle_waited.push_back(admitted[index]);
      continue;
    }
    wake_at(decided, each.give_up);
    if (finishing > 0 && now < each.arrived + limits::finishing_wait) {
      --finishing;
      wake_at(decided, each.arrived + limits::finishing_wait);
    } else if (coming > 0) {
      --coming;
    } else {
      ++needed;
    }
  }

  const std::size_t function_room =
      snapshot.environment_limit > snapshot.environments ? snapshot.environment_limit - snapshot.environments : 0;
  decided.create = std::min({needed, function_room, snapshot.machine_room});
  decided.environment_limit_met = needed > function_room;
  decided.machine_limit_met = needed > decided.create && !decided.environment_limit_met;
  return decided;
}

}  // namespace kelvin
