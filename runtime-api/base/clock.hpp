#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace kelvin {

using steady_time = std::chrono::steady_clock::time_point;
using wall_time = std::chrono::system_clock::time_point;
using duration = std::chrono::nanoseconds;

/// A callback at a point in time. Destroying the alarm clears it. Setting it again and again is
/// cheap: a later due time costs no system call.
class alarm {
 public:
  virtual ~alarm() = default;
  /// Calls the callback once, at `due` or as soon after it as the loop can. Replaces the due time
  /// set before. Never calls from within set().
  virtual void set(steady_time due) = 0;
  /// The callback is not called until set() is called again.
  virtual void clear() = 0;
};

/// Time as an interface, so that tests move it by hand.
class clock {
 public:
  virtual ~clock() = default;
  virtual steady_time now() const = 0;
  virtual wall_time wall_now() const = 0;
  virtual std::unique_ptr<alarm> make_alarm(std::function<void()> on_due) = 0;
};

}  // namespace kelvin
