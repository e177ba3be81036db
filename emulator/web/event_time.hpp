#pragma once

#include "runtime-api/base/clock.hpp"

#include <cstdint>
#include <string>

namespace kelvin::web {

/// `12/Mar/2026:19:03:58 +0000`: `time` and `requestTime` of API Gateway's events, in UTC.
std::string event_time(wall_time when);

/// Unix time in milliseconds: `timeEpoch` and `requestTimeEpoch`.
std::int64_t epoch_ms(wall_time when);

}  // namespace kelvin::web
