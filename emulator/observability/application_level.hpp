#pragma once

#include "runtime-api/base/log_format.hpp"

#include <optional>
#include <string_view>

namespace kelvin {

/// The level of a line that a function wrote, for filtering in JSON format (AWS Lambda Developer
/// Guide, advanced logging controls): of a JSON object its `level`; INFO if that or a `timestamp` in
/// RFC 3339 is missing or not valid. nullopt: the line is no JSON object and is not filtered.
std::optional<log_level> application_level(std::string_view line);

}  // namespace kelvin
