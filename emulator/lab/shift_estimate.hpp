#pragma once

#include "emulator/lab/interval.hpp"
#include "emulator/lab/sample_set.hpp"

namespace kelvin::lab {

/// How much greater the values of `first` are than those of `second`: Hodges and Lehmann's estimate, the median of
/// all differences first - second, with the interval that inverts Mann and Whitney's test. It is as wide as that test
/// needs without ties, so with ties its confidence is at least the one asked for. Bounds are infinite where so few
/// samples have no such interval (fewer than 4 in each at 0.95).
/// invalid_argument: a confidence that is not over 0 and under 1.
result<interval> estimate_shift(const sample_set& first, const sample_set& second, double confidence);

/// The same for the factor first / second; its bounds are 0 and infinity where there is no interval.
/// invalid_argument: also samples that are not over 0.
result<interval> estimate_ratio(const sample_set& first, const sample_set& second, double confidence);

}  // namespace kelvin::lab
