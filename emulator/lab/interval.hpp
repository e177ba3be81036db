#pragma once

namespace kelvin::lab {

/// A value that was estimated, and the bounds between which the true one lies with the confidence that was asked for.
/// A bound is infinite where there are too few samples to tell one.
struct interval {
  double low = 0;
  double estimate = 0;
  double high = 0;

  friend bool operator==(const interval&, const interval&) = default;
};

}  // namespace kelvin::lab
