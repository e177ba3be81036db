#pragma once

#include "runtime-api/base/payload.hpp"

#include <string>
#include <string_view>

namespace kelvin {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so that
/// the result is valid whatever a path, a body or a message from outside holds.
void append_json_string(std::string& json, std::string_view text);
void append_json_string(payload& json, std::string_view text);

}  // namespace kelvin
