#include "emulator/lab/bootstrap.hpp"

#include "emulator/lab/random_source.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace kelvin::lab {
namespace {

/// As sample_set::median would say it, without sorting all of it.
double median_of(std::vector<double>& drawn) {
  const auto middle = drawn.begin() + static_cast<std::ptrdiff_t>(drawn.size() / 2);
  std::nth_element(drawn.begin(), middle, drawn.end());
  if (drawn.size() % 2 == 1) {
    return *middle;
  }
  return std::midpoint(*std::max_element(drawn.begin(), middle), *middle);
}

}  // namespace

result<interval> median_interval(const sample_set& samples, const bootstrap_options& options) {
  if (samples.size() < 2) {
    return fail(errc::invalid_argument, "one sample has no confidence interval; measure at least 2 starts");
  }
  if (options.resamples < 100 || options.resamples > 100'000) {
    return fail(errc::invalid_argument,
                "a bootstrap takes 100 to 100000 resamples, not " + std::to_string(options.resamples));
  }
  if (!(options.confidence > 0 && options.confidence < 1)) {
    return fail(errc::invalid_argument, "a confidence is over 0 and under 1, such as 0.95");
  }
  random_source random(options.seed);
  const std::span<const double> sorted = samples.sorted();
  std::vector<double> drawn(samples.size());
  std::vector<double> medians(options.resamples);
  for (double& median : medians) {
    for (double& value : drawn) {
      value = sorted[random.below(sorted.size())];
    }
    median = median_of(drawn);
  }
  std::sort(medians.begin(), medians.end());
  const double tail = (1 - options.confidence) / 2;
  return interval{quantile_of_sorted(medians, tail), samples.median(), quantile_of_sorted(medians, 1 - tail)};
}

}  // namespace kelvin::lab
