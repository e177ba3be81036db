#pragma once

#include "runtime-api/base/payload.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// Standard alphabet with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);
/// Appends to `text` without a copy in between: for bodies.
void append_base64(payload& text, std::string_view bytes);

enum class base64_padding {
  required,
  optional,  ///< as for the Java decoder behind the Lambda service
};

/// The bytes, or nullopt if `text` is not standard base64.
std::optional<std::string> base64_decode(std::string_view text, base64_padding padding);
/// Appends the bytes to `bytes` without a copy in between; false, and nothing appended, if `text` is not standard
/// base64.
bool append_base64_decoded(payload& bytes, std::string_view text, base64_padding padding);

}  // namespace kelvin
