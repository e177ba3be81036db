#pragma once

#include "emulator/lab/sample_set.hpp"
#include "tests/support/failure_text.hpp"

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <random>
#include <vector>

namespace kelvin::test {

/// Samples that must be valid.
inline lab::sample_set samples(const std::vector<double>& values) {
  auto made = lab::sample_set::of(values);
  REQUIRE(succeeds(made));
  return *made;
}

/// Times as cold starts have them: a floor, a skewed rest, and one in twenty that takes far longer.
inline std::vector<double> start_times(std::mt19937_64& random, std::size_t count, double factor = 1) {
  std::lognormal_distribution<double> rest(0, 0.5);
  std::uniform_real_distribution<double> chance(0, 1);
  std::vector<double> times(count);
  for (double& time : times) {
    time = factor * (10 + rest(random) + (chance(random) < 0.05 ? 20 * chance(random) : 0));
  }
  return times;
}

/// Ten and eight values without ties, for which the references were computed with scipy 1.17.
inline const std::vector<double> ten = {12.1, 11.4, 13.9, 12.7, 15.2, 11.9, 12.4, 40.3, 12.0, 13.1};
inline const std::vector<double> eight = {13.0, 12.2, 14.8, 13.3, 16.1, 12.6, 13.7, 12.9};

}  // namespace kelvin::test
