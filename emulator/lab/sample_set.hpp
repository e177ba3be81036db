#pragma once

#include "runtime-api/base/result.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace kelvin::lab {

/// The most samples in one set, and so the most starts of one target in one run.
inline constexpr std::size_t samples_max = 10'000;

/// Measured values: at least one, at most `samples_max`, each of them finite.
class sample_set {
 public:
  /// invalid_argument: no value, too many, or one that is not finite (the detail says which).
  static result<sample_set> of(std::span<const double> values);

  /// In the order they were measured in.
  std::span<const double> values() const noexcept { return values_; }
  std::span<const double> sorted() const noexcept { return sorted_; }
  std::size_t size() const noexcept { return sorted_.size(); }

  /// The value below which a share of `fraction` (0 to 1) of the samples lies, interpolated linearly between the two
  /// nearest: with n samples the one at position fraction·(n-1) of the sorted ones, from 0 (Hyndman and Fan's type 7,
  /// the usual one of R and numpy). So p99 of fewer than 100 samples is an interpolation towards the greatest.
  double quantile(double fraction) const;
  double median() const { return quantile(0.5); }

 private:
  explicit sample_set(std::span<const double> values);

  std::vector<double> values_;
  std::vector<double> sorted_;
};

/// sample_set::quantile of values that are sorted already, at least one.
double quantile_of_sorted(std::span<const double> sorted, double fraction);

}  // namespace kelvin::lab
