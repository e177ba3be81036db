#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace kelvin::lab {

/// Up to this size of both samples the distribution of U is counted out; beyond it is as good as normal.
inline constexpr std::size_t exact_samples_max = 50;

/// P(U = u) for u = 0 … first·second of Mann and Whitney's U, where two samples without ties come from one
/// distribution. Precondition: both sizes are 1 … exact_samples_max.
std::vector<double> rank_distribution(std::size_t first, std::size_t second);

/// The greatest u with P(U <= u) <= tail, exact up to exact_samples_max and by the normal approximation with
/// continuity correction beyond. nullopt: there is none, so few are the samples. Precondition: 0 < tail < 0.5, sizes
/// over 0.
std::optional<std::size_t> critical_rank(std::size_t first, std::size_t second, double tail);

}  // namespace kelvin::lab
