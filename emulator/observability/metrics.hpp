#pragma once

#include "runtime-api/base/lifecycle_sink.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace kelvin {

/// How often each length of time was met, as a Prometheus histogram counts.
class duration_histogram {
 public:
  /// Upper bounds in seconds; what is longer is counted under `+Inf` only.
  static constexpr std::array<double, 15> bounds_seconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                         0.5,   1,      2.5,   5,    10,    30,   60};

  void add(duration value) noexcept;
  std::uint64_t count() const noexcept { return count_; }
  duration sum() const noexcept { return sum_; }
  /// How many were at most `bounds_seconds[index]` long, but longer than the bound before.
  std::uint64_t between(std::size_t index) const noexcept { return buckets_[index]; }

 private:
  std::array<std::uint64_t, bounds_seconds.size()> buckets_{};
  std::uint64_t count_ = 0;
  duration sum_{};
};

/// What is known about one function since kelvin started.
struct function_statistics {
  std::uint64_t invocations = 0;  ///< finished, however they ended
  std::uint64_t errors = 0;       ///< function errors, timeouts included
  std::uint64_t timeouts = 0;
  std::uint64_t throttles = 0;      ///< answered 429, not counted as invocations
  std::uint64_t cold_starts = 0;    ///< execution environments whose init phase began
  std::uint64_t init_failures = 0;  ///< inits that failed or timed out, retries counted each
  std::uint64_t billed_ms = 0;
  unsigned max_memory_used_mib = 0;
  duration_histogram invoke_duration;
  duration_histogram init_duration;
  std::optional<init_measurement> last_init;        ///< of the latest init that reached `next`
  std::set<std::string, std::less<>> environments;  ///< log stream names of those that exist now
};

/// Counts lifecycle events per function.
class metrics final : public lifecycle_sink {
 public:
  void report(const lifecycle_event& event) override;

  /// All zero for a function to which nothing happened yet.
  const function_statistics& statistics(std::string_view function_name) const noexcept;

  /// The Prometheus text exposition format, version 0.0.4.
  std::string prometheus_text() const;

 private:
  using functions = std::map<std::string, function_statistics, std::less<>>;

  function_statistics& of(std::string_view function_name);

  functions functions_;
};

}  // namespace kelvin
