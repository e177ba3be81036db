#pragma once

#include "emulator/lab/sample_set.hpp"

#include <string_view>

namespace kelvin::lab {

/// Cliff's delta in words, by the bounds of Romano and others (2006): 0.147, 0.33 and 0.474.
enum class effect_magnitude { negligible, small, medium, large };

std::string_view name_of(effect_magnitude magnitude) noexcept;

/// Mann and Whitney's test whether two samples come from one distribution.
struct rank_test {
  double u = 0;              ///< pairs in which the first's value is the greater, ties counted half
  double first_greater = 0;  ///< A12: the probability that a value of the first is greater, ties counted half
  double cliffs_delta = 0;   ///< -1 … 1: how much likelier greater than smaller
  double p_two_sided = 1;
  double p_greater = 1;  ///< of the alternative that the first tends to be greater
  double p_less = 1;
  bool exact = false;  ///< counted out; else by the normal approximation

  effect_magnitude magnitude() const noexcept;
};

/// Exact where neither sample is over `exact_samples_max` and no value occurs twice; else by the normal approximation
/// with the corrections for ties and for continuity. Samples that are all the same value give p = 1.
rank_test compare_ranks(const sample_set& first, const sample_set& second);

}  // namespace kelvin::lab
