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

/// Throttles one over the limit whose short wait is over, else leaves it until then.
void settle_over_limit(const waiting_invocation& each, std::size_t position, steady_time now,
                       scheduling_plan& decided) {
  if (now >= each.finishing_due()) {
    decided.throttle_concurrency.push_back(position);
  } else {
    wake_at(decided, each.finishing_due());
  }
}

/// What environments can still cover of those that wait, used up one by one.
struct coverage {
  std::size_t idle;
  std::size_t reset;
  std::size_t finishing;
  std::size_t coming;
  std::size_t needed = 0;
};

/// Finds a place for one admitted invocation: an environment that takes it now, else, while it may
/// wait for one, a finishing environment, else one that is coming, else it needs a new one.
void settle_admitted(const waiting_invocation& each, std::size_t position, steady_time now, coverage& left,
                     scheduling_plan& decided) {
  if (left.idle > 0) {
    --left.idle;
    ++decided.assign_idle;
    return;
  }
  if (left.reset > 0) {
    --left.reset;
    ++decided.assign_reset;
    return;
  }
  if (now >= each.give_up) {
    decided.throttle_waited.push_back(position);
    return;
  }
  if (each.give_up != waiting_invocation::never) {
    wake_at(decided, each.give_up);
  }
  if (left.finishing > 0 && now < each.finishing_due()) {
    --left.finishing;
    wake_at(decided, each.finishing_due());
  } else if (left.coming > 0) {
    --left.coming;
  } else {
    ++left.needed;
  }
}

}  // namespace

duration longer_finishing_wait(const waiting_invocation& each, steady_time now) {
  const duration wanted = now - each.arrived + limits::finishing_wait;
  return std::clamp<duration>(wanted, each.finishing_wait, limits::finishing_wait_longest);
}

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
  coverage left{snapshot.idle, snapshot.reset, snapshot.finishing, snapshot.coming};
  std::size_t in_use = concurrency_in_use(snapshot);
  for (std::size_t position = 0; position < snapshot.waiting.size(); ++position) {
    const waiting_invocation& each = snapshot.waiting[position];
    if (each.over_limit && in_use >= snapshot.concurrency_limit) {
      settle_over_limit(each, position, now, decided);
      continue;
    }
    if (each.over_limit) {
      decided.admit.push_back(position);
      ++in_use;
    }
    settle_admitted(each, position, now, left, decided);
  }
  const std::size_t function_room =
      snapshot.environment_limit > snapshot.environments ? snapshot.environment_limit - snapshot.environments : 0;
  decided.create = std::min({left.needed, function_room, snapshot.machine_room});
  decided.environment_limit_met = left.needed > function_room;
  decided.machine_limit_met = left.needed > decided.create && !decided.environment_limit_met;
  return decided;
}

}  // namespace kelvin
