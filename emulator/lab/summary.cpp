#include "emulator/lab/summary.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace kelvin::lab {
namespace {

constexpr double fence_ranges = 1.5;

/// Adds up deviations from the median, so that neither many nor great values lose digits or overflow.
double mean_of(std::span<const double> sorted, double median) {
  double mean = 0;
  for (const double value : sorted) {
    mean += (value - median) / static_cast<double>(sorted.size());
  }
  return median + mean;
}

double median_absolute_deviation(std::span<const double> sorted, double median) {
  std::vector<double> deviations(sorted.begin(), sorted.end());
  for (double& value : deviations) {
    value = std::abs(value - median);
  }
  std::sort(deviations.begin(), deviations.end());
  return quantile_of_sorted(deviations, 0.5);
}

}  // namespace

summary summarize(const sample_set& samples) {
  const std::span<const double> sorted = samples.sorted();
  summary made;
  made.n = samples.size();
  made.min = sorted.front();
  made.p10 = samples.quantile(0.1);
  made.p50 = samples.median();
  made.p90 = samples.quantile(0.9);
  made.p99 = samples.quantile(0.99);
  made.max = sorted.back();
  // Within its bounds also where the last digit is rounded: the mean of equal samples is that sample.
  made.mean = std::clamp(mean_of(sorted, made.p50), made.min, made.max);
  made.mad = median_absolute_deviation(sorted, made.p50);
  const double p25 = samples.quantile(0.25);
  const double p75 = samples.quantile(0.75);
  const double reach = fence_ranges * (p75 - p25);
  made.outliers_low = static_cast<std::size_t>(
      std::count_if(sorted.begin(), sorted.end(), [&](double value) { return value < p25 - reach; }));
  made.outliers_high = static_cast<std::size_t>(
      std::count_if(sorted.begin(), sorted.end(), [&](double value) { return value > p75 + reach; }));
  return made;
}

}  // namespace kelvin::lab
