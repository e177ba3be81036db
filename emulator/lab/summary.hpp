#pragma once

#include "emulator/lab/sample_set.hpp"

namespace kelvin::lab {

/// What samples look like; every one of them counts in every figure, outliers too.
struct summary {
  std::size_t n = 0;
  double min = 0;
  double p10 = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
  double mean = 0;
  /// Median of the absolute deviations from the median, not scaled to a standard deviation.
  double mad = 0;
  /// Samples beyond Tukey's fences: more than 1.5 interquartile ranges below p25 or above p75. Counted, never removed.
  std::size_t outliers_low = 0;
  std::size_t outliers_high = 0;

  friend bool operator==(const summary&, const summary&) = default;
};

summary summarize(const sample_set& samples);

}  // namespace kelvin::lab
