#pragma once

#include "runtime-api/base/clock.hpp"

namespace kelvin {

/// Decides when a process tree may run so that it gets `quota` of CPU time in each `period`, as a CFS
/// quota would: what is left of a period is not saved, what was used too much is owed to the next ones.
/// Does no I/O and reads no clock.
class token_bucket {
 public:
  /// Preconditions: both above zero; processors at least 1.
  token_bucket(duration quota, duration period, unsigned processors) noexcept
      : quota_(quota), period_(period), processors_(processors) {}

  /// Counts from here on: the tree has used `used` so far, and what it used since the last look does not
  /// count. The first period begins with the first call.
  void begin(steady_time now, duration used) noexcept;

  struct decision {
    bool run = true;
    steady_time look_again{};
  };
  /// What to do now that the tree has used `used` and has `threads` threads.
  decision look(steady_time now, duration used, unsigned threads) noexcept;

 private:
  void refill(steady_time now) noexcept;

  duration quota_;
  duration period_;
  unsigned processors_;
  duration tokens_{};  ///< below zero: owed
  duration used_{};
  duration pause_{};  ///< between two looks while nothing is used
  steady_time refill_due_{};
};

}  // namespace kelvin
