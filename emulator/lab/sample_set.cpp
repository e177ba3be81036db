#include "emulator/lab/sample_set.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

namespace kelvin::lab {

result<sample_set> sample_set::of(std::span<const double> values) {
  if (values.empty()) {
    return fail(errc::invalid_argument, "there are no samples; measure at least one start");
  }
  if (values.size() > samples_max) {
    return fail(errc::invalid_argument, std::to_string(values.size()) + " samples are more than the " +
                                            std::to_string(samples_max) + " that are evaluated at once");
  }
  const auto odd = std::find_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
  if (odd != values.end()) {
    return fail(errc::invalid_argument, "sample " + std::to_string(odd - values.begin() + 1) + " of " +
                                            std::to_string(values.size()) + " is not a finite number");
  }
  return sample_set(values);
}

sample_set::sample_set(std::span<const double> values)
    : values_(values.begin(), values.end()), sorted_(values.begin(), values.end()) {
  std::sort(sorted_.begin(), sorted_.end());
}

double sample_set::quantile(double fraction) const {
  return quantile_of_sorted(sorted_, fraction);
}

double quantile_of_sorted(std::span<const double> sorted, double fraction) {
  assert(!sorted.empty() && fraction >= 0 && fraction <= 1);
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

}  // namespace kelvin::lab
