#pragma once

#include "runtime-api/base/clock.hpp"

#include <string>

namespace kelvin {

/// `2026-01-02T03:04:05.678Z`: UTC with milliseconds, as AWS writes times into JSON.
std::string iso_time(wall_time when);

}  // namespace kelvin
