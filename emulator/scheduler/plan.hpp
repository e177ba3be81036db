#pragma once

#include "emulator/scheduler/environment_counts.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/limits.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace kelvin {

/// One invocation that has no execution environment yet, oldest first in a snapshot.
struct waiting_invocation {
  steady_time arrived;
  steady_time give_up;      ///< when it is throttled if it still waits; `never`: it waits on
  bool over_limit = false;  ///< concurrency was used up when it came; it hopes for a finishing environment
  duration finishing_wait = limits::finishing_wait;  ///< how long it waits for one that is finishing

  static constexpr steady_time never = steady_time::max();
  steady_time finishing_due() const noexcept { return arrived + finishing_wait; }
};

/// How long an invocation waits for a finishing environment whose process waits for a CPU of this machine:
/// it is as good as back, so that another finishing_wait is worth it, within finishing_wait_longest.
duration longer_finishing_wait(const waiting_invocation& each, steady_time now);

/// Everything a decision about one function depends on, its execution environments by state included.
struct function_snapshot : environment_counts {
  std::size_t environments = 0;  ///< all of them, those that are being shut down included

  std::span<const waiting_invocation> waiting;

  std::size_t environment_limit = 1;      ///< --environments
  std::size_t machine_room = 0;           ///< how many more --environments-total allows
  std::size_t concurrency_limit = 0;      ///< reserved, or the account's unreserved pool
  std::size_t concurrency_elsewhere = 0;  ///< used by other functions of the same pool
  std::size_t finishing_elsewhere = 0;    ///< of other functions of the same pool
};

/// What to do now, in this order: throttle, admit, assign, create.
struct scheduling_plan {
  std::vector<std::size_t> throttle_concurrency;  ///< positions in waiting, ascending: 429, the caller's limit
  std::vector<std::size_t> throttle_waited;  ///< positions, ascending: 429, the machine's limit and no patience left
  std::vector<std::size_t> admit;            ///< positions that are no longer over the limit
  std::size_t assign_idle = 0;               ///< so many of the oldest admitted ones go to idle environments
  std::size_t assign_reset = 0;              ///< and then so many to reset ones
  std::size_t create = 0;                    ///< so many new environments
  bool environment_limit_met = false;        ///< more were needed than --environments allows
  bool machine_limit_met = false;            ///< more were needed than --environments-total allows
  std::optional<steady_time> wake;           ///< look again then, if nothing happens before
};

/// How an invocation that has just come stands to the concurrency limit.
enum class admission {
  admitted,
  wait_for_finishing,  ///< over the limit, but an environment is about to be free
  throttled,
};

/// Decides on a new invocation (design: how an invocation goes). `waiting` of the snapshot is
/// without it.
admission admit(const function_snapshot& now);

/// Decides what to do with what waits. Pure: the same snapshot gives the same plan.
scheduling_plan plan(const function_snapshot& snapshot, steady_time now);

}  // namespace kelvin
