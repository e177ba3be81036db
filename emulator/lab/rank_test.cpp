#include "emulator/lab/rank_test.hpp"

#include "emulator/lab/rank_distribution.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kelvin::lab {
namespace {

struct rank_count {
  double u = 0;
  double ties = 0;  ///< sum of t³ - t over the groups of t equal values
};

/// Walks both sorted samples at once, one value after the other.
rank_count count_ranks(std::span<const double> first, std::span<const double> second) {
  rank_count counted;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < first.size() || j < second.size()) {
    const double value = j == second.size() || (i < first.size() && first[i] < second[j]) ? first[i] : second[j];
    const std::size_t below = j;
    std::size_t equal_first = 0;
    for (; i < first.size() && first[i] == value; ++i) {
      ++equal_first;
    }
    for (; j < second.size() && second[j] == value; ++j) {
    }
    const double equal_second = static_cast<double>(j - below);
    counted.u += static_cast<double>(equal_first) * (static_cast<double>(below) + equal_second / 2);
    const double group = static_cast<double>(equal_first) + equal_second;
    counted.ties += group * group * group - group;
  }
  return counted;
}

void set_exact(rank_test& test, std::size_t first, std::size_t second) {
  const std::vector<double> probabilities = rank_distribution(first, second);
  const auto at = probabilities.begin() + static_cast<std::ptrdiff_t>(test.u);
  test.exact = true;
  test.p_less = std::min(1.0, std::accumulate(probabilities.begin(), at + 1, 0.0));
  test.p_greater = std::min(1.0, std::accumulate(at, probabilities.end(), 0.0));
}

void set_approximate(rank_test& test, double m, double n, double ties) {
  const double all = m + n;
  const double variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)));
  // All values are one: what is left of the variance is rounding.
  if (variance <= m * n * 1e-9) {
    return;
  }
  const double deviation = std::sqrt(variance);
  const auto tail = [&](double u) {
    return boost::math::cdf(boost::math::complement(boost::math::normal(), (u - m * n / 2 - 0.5) / deviation));
  };
  test.p_greater = tail(test.u);
  test.p_less = tail(m * n - test.u);
}

}  // namespace

std::string_view name_of(effect_magnitude magnitude) noexcept {
  switch (magnitude) {
    case effect_magnitude::negligible: return "negligible";
    case effect_magnitude::small: return "small";
    case effect_magnitude::medium: return "medium";
    case effect_magnitude::large: break;
  }
  return "large";
}

effect_magnitude rank_test::magnitude() const noexcept {
  const double size = std::abs(cliffs_delta);
  return size < 0.147   ? effect_magnitude::negligible
         : size < 0.33  ? effect_magnitude::small
         : size < 0.474 ? effect_magnitude::medium
                        : effect_magnitude::large;
}

rank_test compare_ranks(const sample_set& first, const sample_set& second) {
  const rank_count counted = count_ranks(first.sorted(), second.sorted());
  const double m = static_cast<double>(first.size());
  const double n = static_cast<double>(second.size());
  rank_test test;
  test.u = counted.u;
  test.first_greater = counted.u / (m * n);
  test.cliffs_delta = 2 * test.first_greater - 1;
  const bool small = first.size() <= exact_samples_max && second.size() <= exact_samples_max;
  if (small && counted.ties == 0) {
    set_exact(test, first.size(), second.size());
  } else {
    set_approximate(test, m, n, counted.ties);
  }
  test.p_two_sided = std::min(1.0, 2 * std::min(test.p_greater, test.p_less));
  return test;
}

}  // namespace kelvin::lab
