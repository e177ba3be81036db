#pragma once

#include "runtime-api/base/payload.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kelvin {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so that
/// the result is valid whatever a path, a body or a message from outside holds.
void append_json_string(std::string& json, std::string_view text);
void append_json_string(payload& json, std::string_view text);

/// The same into memory that its caller owns: at most json_string_room() of the text's size, some of which may be
/// touched behind the end that is returned.
char* put_json_string(char* out, std::string_view text) noexcept;
std::size_t json_string_room(std::size_t text_bytes) noexcept;

/// Appends what a JSON string stands for. `inside`: what is between its quotes. False, and nothing is appended: that
/// is no JSON string (an unknown escape, half of a surrogate pair, a control character, a quote, no UTF-8).
bool append_unescaped_json(payload& to, std::string_view inside);

}  // namespace kelvin
