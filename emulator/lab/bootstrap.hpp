#pragma once

#include "emulator/lab/interval.hpp"
#include "emulator/lab/sample_set.hpp"

#include <cstdint>

namespace kelvin::lab {

struct bootstrap_options {
  std::uint64_t seed = 0;
  std::size_t resamples = 2'000;  ///< 100 to 100,000
  double confidence = 0.95;       ///< over 0, under 1
};

/// The median with its percentile bootstrap interval: `resamples` times as many samples are drawn with replacement,
/// and the interval is between the quantiles (1-confidence)/2 and (1+confidence)/2 of their medians. The same seed
/// gives the same interval everywhere. With few samples it is somewhat too narrow: from about 20 on it can be relied
/// on, and decisions are made by rank tests, not by it.
/// invalid_argument: one sample only, or options out of range.
result<interval> median_interval(const sample_set& samples, const bootstrap_options& options);

}  // namespace kelvin::lab
