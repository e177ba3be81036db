#pragma once

#include "runtime-api/base/clock.hpp"

#include <sys/types.h>

#include <vector>

namespace kelvin {

/// What a process tree has used so far.
struct tree_usage {
  duration cpu{};        ///< of all threads and processes, the ended ones included
  unsigned threads = 0;  ///< that live now
};

/// Measures the CPU time of every descendant of `reaper`, the process that takes in the tree's orphans; its
/// own does not count. Exact for what a measurement has seen alive; for what began and ended between
/// two of them /proc/PID/stat is all there is: 10 ms steps, up to 40 ms too little in all.
class tree_meter {
 public:
  explicit tree_meter(pid_t reaper) noexcept : reaper_(reaper) {}

  /// To be called once, first: processes that ended before are left out.
  tree_usage begin();
  tree_usage measure();

 private:
  struct seen_process {
    pid_t process = 0;
    duration own{};
  };

  pid_t reaper_;
  std::vector<seen_process> seen_;  ///< alive at the last measurement
  duration ended_{};                ///< own time, as last seen, of those that have ended since begin()
  duration reported_at_begin_{};    ///< what /proc said then of all that had ended
};

}  // namespace kelvin
