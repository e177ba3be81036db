#pragma once

#include <string>
#include <string_view>

namespace kelvin {

/// AWS Lambda API, FunctionName: 1 to 64 characters of [a-zA-Z0-9-_].
bool is_function_name(std::string_view name) noexcept;

/// The nearest valid name: other characters become `-`, the rest is cut at 64; `function` if nothing is left.
std::string to_function_name(std::string_view text);

}  // namespace kelvin
