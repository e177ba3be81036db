#pragma once

#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/limits.hpp"

#include <array>
#include <string_view>

namespace kelvin {

/// What one attempt came to, as far as retries care.
enum class attempt_result {
  success,
  function_error,  ///< handler error, crash, timeout, failed init
  throttled,
  service_fault,  ///< kelvin could not do its part
};

/// Why an event leaves the queue: `condition` of its destination record.
enum class final_condition { success, retries_exhausted, event_age_exceeded, zero_reserved_concurrency };

/// AWS's word for it: `Success`, `RetriesExhausted`, `EventAgeExceeded`, `ZeroReservedConcurrency`.
std::string_view name_of(final_condition condition) noexcept;

/// How long the queue waits before it tries again.
struct retry_delays {
  /// Behind the first and the second function error (AWS: asynchronous invocation).
  std::array<duration, 2> function_error{std::chrono::minutes(1), std::chrono::minutes(2)};

  /// Behind so many throttles or faults in a row, the first being 1: AWS's 1 s, doubling to 5 min,
  /// shortened or stretched as the first of the two delays is, but at least 10 ms.
  duration throttled(unsigned in_a_row) const noexcept;
};

struct retry_policy {
  unsigned retries = limits::asynchronous_retries_max;
  duration age_max = limits::event_age_max;
  retry_delays delays;
};

/// What has happened to one event, the attempt that just ended included.
struct event_history {
  steady_time accepted;
  unsigned invocations = 0;         ///< attempts that reached the function
  unsigned throttles_in_a_row = 0;  ///< throttles and faults since the last of these, or since acceptance
};

struct retry_decision {
  bool retry = false;
  steady_time when{};                                    ///< if retry
  final_condition condition = final_condition::success;  ///< if not
};

/// What to do behind an attempt. Function errors are retried so many times, throttles and faults
/// until the event is too old; an event is dropped already when its next attempt would come too late.
/// Preconditions: behind a success or a function error `invocations` is at least 1, behind the others
/// `throttles_in_a_row` is.
retry_decision retry_plan(const retry_policy& policy, const event_history& history, attempt_result result,
                          steady_time now);

}  // namespace kelvin
