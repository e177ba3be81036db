#include "emulator/lab/drift.hpp"

#include "emulator/lab/number_text.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace kelvin::lab {
namespace {

constexpr double p_of_trend = 0.01;
constexpr double change_that_matters = 0.02;

double trend_of(std::span<const double> values) {
  std::ptrdiff_t s = 0;
  for (std::size_t later = 1; later < values.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      s += (values[later] > values[earlier]) - (values[later] < values[earlier]);
    }
  }
  return static_cast<double>(s);
}

double variance_of_trend(std::span<const double> sorted) {
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
  double sum = term(static_cast<double>(sorted.size()));
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) {
      ++end;
    }
    sum -= term(static_cast<double>(end - begin));
    begin = end;
  }
  return sum / 18;
}

double median_of(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return quantile_of_sorted(sorted, 0.5);
}

}  // namespace

std::optional<drift> find_drift(const sample_set& samples) {
  if (samples.size() < drift_samples_min) {
    return std::nullopt;
  }
  const std::span<const double> values = samples.values();
  drift found;
  found.s = trend_of(values);
  const double variance = variance_of_trend(samples.sorted());
  if (variance > 0) {
    const double z = std::max(std::abs(found.s) - 1, 0.0) / std::sqrt(variance);
    found.p_two_sided = 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), z));
  }
  const std::size_t third = values.size() / 3;
  const double first = median_of(values.first(third));
  found.change = first == 0 ? 0 : median_of(values.last(third)) / first - 1;
  found.drifts = found.p_two_sided < p_of_trend && std::abs(found.change) >= change_that_matters;
  return found;
}

std::string describe_drift(const std::string& target, const drift& found) {
  return target + ": starts took " + short_number(std::abs(found.change) * 100) + " % " +
         (found.change > 0 ? "longer" : "less") +
         " at the end of the run than at its beginning (trend p = " + short_number(found.p_two_sided) +
         "): the machine was changing; compare only what was interleaved in this run, or measure again";
}

}  // namespace kelvin::lab
