#pragma once

#include <chrono>
#include <string>

namespace kelvin::lab {

/// More than this share of the machine's CPU time used by others makes a measurement doubtful.
inline constexpr double others_share_max = 0.05;

/// CPU time over a run.
struct cpu_use {
  std::chrono::nanoseconds machine{};   ///< all that was not idle, on all processors (/proc/stat: not idle, not iowait)
  std::chrono::nanoseconds own_tree{};  ///< of it kelvin and everything it started, ended processes included
  std::chrono::nanoseconds elapsed{};   ///< of the clock on the wall
  unsigned processors = 1;
};

/// How much of all processors' time others than kelvin's tree used, 0 to 1. 0 where nothing has elapsed, and where the
/// coarser of the two counts makes the tree's share greater than the machine's.
double share_of_others(const cpu_use& use);

bool machine_is_busy(const cpu_use& use);

/// The warning for a machine that is busy, such as "other processes used 12 % of the machine's CPU time …".
std::string describe_busy(const cpu_use& use);

}  // namespace kelvin::lab
