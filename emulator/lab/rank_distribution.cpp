#include "emulator/lab/rank_distribution.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace kelvin::lab {
namespace {

std::optional<std::size_t> exact_critical_rank(std::size_t first, std::size_t second, double tail) {
  const std::vector<double> probabilities = rank_distribution(first, second);
  std::optional<std::size_t> critical;
  double sum = 0;
  for (std::size_t u = 0; u < probabilities.size(); ++u) {
    sum += probabilities[u];
    if (sum > tail) {
      break;
    }
    critical = u;
  }
  return critical;
}

}  // namespace

std::vector<double> rank_distribution(std::size_t first, std::size_t second) {
  assert(first >= 1 && first <= exact_samples_max && second >= 1 && second <= exact_samples_max);
  // The greatest of i + j values is one of the i with probability i/(i+j), and then beats all j; else it is one of
  // the j and leaves U as it is. row[j] is the distribution for i and j.
  std::vector<std::vector<double>> row(second + 1, std::vector<double>{1});
  for (std::size_t i = 1; i <= first; ++i) {
    for (std::size_t j = 1; j <= second; ++j) {
      const double from_first = static_cast<double>(i) / static_cast<double>(i + j);
      std::vector<double> next(i * j + 1, 0);
      for (std::size_t u = 0; u < row[j].size(); ++u) {
        next[u + j] += from_first * row[j][u];
      }
      for (std::size_t u = 0; u < row[j - 1].size(); ++u) {
        next[u] += (1 - from_first) * row[j - 1][u];
      }
      row[j] = std::move(next);
    }
  }
  return std::move(row[second]);
}

std::optional<std::size_t> critical_rank(std::size_t first, std::size_t second, double tail) {
  assert(first > 0 && second > 0 && tail > 0 && tail < 0.5);
  if (first <= exact_samples_max && second <= exact_samples_max) {
    return exact_critical_rank(first, second, tail);
  }
  const double m = static_cast<double>(first);
  const double n = static_cast<double>(second);
  const double deviation = std::sqrt(m * n * (m + n + 1) / 12);
  const double z = boost::math::quantile(boost::math::normal(), tail);
  const double greatest = std::floor(m * n / 2 + z * deviation - 0.5);
  if (greatest < 0) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(greatest);
}

}  // namespace kelvin::lab
