#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kelvin::frontdoor {

/// Standard alphabet with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);

/// The bytes, or nullopt if `text` is not standard base64. Padding may be left out, as the Java
/// decoder behind the service allows.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace kelvin::frontdoor
