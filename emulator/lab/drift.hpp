#pragma once

#include "emulator/lab/sample_set.hpp"

#include <optional>
#include <string>

namespace kelvin::lab {

/// Fewer samples than this say nothing about a trend.
inline constexpr std::size_t drift_samples_min = 10;

/// Whether samples rise or fall over the run: Mann and Kendall's test, with the corrections for ties and continuity.
struct drift {
  double s = 0;            ///< pairs that rise with time, less those that fall
  double p_two_sided = 1;  ///< of the alternative that there is a trend
  /// The median of the last third of the run less that of the first, as a share of the first; 0 where that is 0.
  double change = 0;
  /// A trend at 1 % that moves the median by 2 % or more. Of runs without a trend at most about 1 % are said to drift.
  bool drifts = false;
};

/// Of samples in the order of their measuring. nullopt: fewer than `drift_samples_min`.
std::optional<drift> find_drift(const sample_set& samples);

/// The warning for a target that drifts, such as "api: starts took 12 % longer at the end of the run than at its
/// beginning (trend p = 0.0004): …".
std::string describe_drift(const std::string& target, const drift& found);

}  // namespace kelvin::lab
