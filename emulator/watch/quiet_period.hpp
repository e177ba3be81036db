#pragma once

#include "runtime-api/base/clock.hpp"

#include <algorithm>
#include <optional>

namespace kelvin {

/// When a burst of events is over: `quiet` after its last one, and at the latest `longest` after its first one, so
/// that a stream without a pause is heard of too.
class quiet_period {
 public:
  quiet_period(duration quiet, duration longest) : quiet_(quiet), longest_(longest) {}

  void on_event(steady_time now) {
    first_ = first_.value_or(now);
    last_ = now;
  }
  /// When the burst counts as over; nullopt if there was no event since the last reset().
  std::optional<steady_time> due() const {
    return first_ ? std::optional(std::min(last_ + quiet_, *first_ + longest_)) : std::nullopt;
  }
  void reset() { first_.reset(); }

 private:
  duration quiet_;
  duration longest_;
  std::optional<steady_time> first_;
  steady_time last_{};
};

}  // namespace kelvin
