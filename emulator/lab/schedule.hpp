#pragma once

#include "runtime-api/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kelvin::lab {

inline constexpr std::size_t targets_max = 64;

/// Which target is started next, and next, …: `starts` rounds, in each of which every target is started once, in an
/// order drawn anew for each round. So whatever changes during the run meets all targets alike, and none always comes
/// behind the same other one. Equal seeds give equal orders on every machine.
/// Shape: starts · targets indices below `targets`.
/// invalid_argument: fewer than 2 starts or more than samples_max, no target or more than targets_max.
result<std::vector<std::size_t>> interleave(std::size_t targets, std::size_t starts, std::uint64_t seed);

}  // namespace kelvin::lab
