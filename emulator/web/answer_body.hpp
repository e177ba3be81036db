#pragma once

#include <optional>
#include <string_view>

namespace kelvin::web {

/// What is between the quotes of the member `body` of a JSON object, as it stands there, if that is a string with
/// escapes. Nullopt also where it is better left to a JSON parser: more than one `body`, a key with escapes. Says
/// nothing of whether the text is JSON.
std::optional<std::string_view> find_escaped_body(std::string_view object);

}  // namespace kelvin::web
