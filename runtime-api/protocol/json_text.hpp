#pragma once

#include <string>
#include <string_view>

namespace kelvin::protocol {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so that
/// the result is valid whatever a path or a message from outside holds.
void append_json_string(std::string& json, std::string_view text);

/// `{"<first name>":"<first value>","<second name>":"<second value>"}`.
std::string json_pair(std::string_view first_name, std::string_view first_value, std::string_view second_name,
                      std::string_view second_value);

/// A Runtime API error answer: `{"errorMessage":…,"errorType":…}` and a newline.
std::string error_answer(std::string_view error_type, std::string_view error_message);

}  // namespace kelvin::protocol
