#include "emulator/event_source/asynchronous/retry_plan.hpp"

#include <algorithm>
#include <cassert>

namespace kelvin {
namespace {

// AWS: asynchronous invocation, throttles and system errors.
constexpr duration throttle_delay_first = std::chrono::seconds(1);
constexpr unsigned throttle_delay_factor_max = 300;
constexpr duration function_error_delay_first = std::chrono::minutes(1);
/// Ours: a function that is throttled for long must not keep the loop busy.
constexpr duration throttle_delay_min = std::chrono::milliseconds(10);

}  // namespace

std::string_view name_of(final_condition condition) noexcept {
  switch (condition) {
    case final_condition::success: return "Success";
    case final_condition::retries_exhausted: return "RetriesExhausted";
    case final_condition::event_age_exceeded: return "EventAgeExceeded";
    case final_condition::zero_reserved_concurrency: break;
  }
  return "ZeroReservedConcurrency";
}

duration retry_delays::throttled(unsigned in_a_row) const noexcept {
  const unsigned doublings = std::min(in_a_row == 0 ? 0 : in_a_row - 1, 9u);
  const unsigned factor = std::min(1u << doublings, throttle_delay_factor_max);
  const auto unscaled = std::chrono::duration<double>(throttle_delay_first) * factor;
  const double scale = std::chrono::duration<double>(function_error[0]) / function_error_delay_first;
  return std::max(std::chrono::duration_cast<duration>(unscaled * scale), throttle_delay_min);
}

retry_decision retry_plan(const retry_policy& policy, const event_history& history, attempt_result result,
                          steady_time now) {
  if (result == attempt_result::success) {
    return {.condition = final_condition::success};
  }
  duration delay{};
  if (result == attempt_result::function_error) {
    assert(history.invocations > 0);
    if (history.invocations > policy.retries) {
      return {.condition = final_condition::retries_exhausted};
    }
    const std::size_t last = policy.delays.function_error.size() - 1;
    delay = policy.delays.function_error[std::min<std::size_t>(history.invocations - 1, last)];
  } else {
    assert(history.throttles_in_a_row > 0);
    delay = policy.delays.throttled(history.throttles_in_a_row);
  }
  const steady_time when = now + delay;
  if (when - history.accepted > policy.age_max) {
    return {.condition = final_condition::event_age_exceeded};
  }
  return {.retry = true, .when = when};
}

}  // namespace kelvin
