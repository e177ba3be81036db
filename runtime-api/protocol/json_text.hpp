#pragma once

#include <string>
#include <string_view>

namespace kelvin::protocol {

/// `{"<first name>":"<first value>","<second name>":"<second value>"}`.
std::string json_pair(std::string_view first_name, std::string_view first_value, std::string_view second_name,
                      std::string_view second_value);

/// A Runtime API error answer: `{"errorMessage":…,"errorType":…}` and a newline.
std::string error_answer(std::string_view error_type, std::string_view error_message);

}  // namespace kelvin::protocol
