#pragma once

#include "emulator/invoke/json_check.hpp"

#include <string>
#include <string_view>

namespace kelvin::frontdoor {

using kelvin::is_json;
using kelvin::payload_depth_max;

/// Says what is wrong with a payload that is_json() refused, in the words of AWS's parser (Jackson):
/// the part behind `Could not parse payload into json: `. Slow beside is_json(), so only for errors.
std::string payload_problem(std::string_view text);

}  // namespace kelvin::frontdoor
