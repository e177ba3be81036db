#include "runtime-api/protocol/json_text.hpp"

#include <cstddef>

namespace kelvin::protocol {
namespace {

bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Size of the valid UTF-8 sequence at the front of `text` (not ASCII), 0 if there is none.
std::size_t sequence_size(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                           : first >= 0xE0 && first <= 0xEF ? 3
                           : first >= 0xF0 && first <= 0xF4 ? 4
                                                            : 0;
  if (size == 0 || text.size() < size) {
    return 0;
  }
  for (std::size_t index = 1; index < size; ++index) {
    if (!is_continuation(text[index])) {
      return 0;
    }
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond_unicode = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : size;
}

void append_ascii(std::string& json, char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (character) {
    case '"': json += "\\\""; return;
    case '\\': json += "\\\\"; return;
    case '\n': json += "\\n"; return;
    case '\r': json += "\\r"; return;
    case '\t': json += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(character) < 0x20) {
    json += "\\u00";
    json += digits[static_cast<unsigned char>(character) >> 4];
    json += digits[static_cast<unsigned char>(character) & 15];
    return;
  }
  json += character;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  json += '"';
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      append_ascii(json, text[0]);
      text.remove_prefix(1);
      continue;
    }
    const std::size_t size = sequence_size(text);
    json.append(size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size));
    text.remove_prefix(size == 0 ? 1 : size);
  }
  json += '"';
}

std::string json_pair(std::string_view first_name, std::string_view first_value, std::string_view second_name,
                      std::string_view second_value) {
  std::string json = "{";
  append_json_string(json, first_name);
  json += ':';
  append_json_string(json, first_value);
  json += ',';
  append_json_string(json, second_name);
  json += ':';
  append_json_string(json, second_value);
  json += '}';
  return json;
}

std::string error_answer(std::string_view error_type, std::string_view error_message) {
  return json_pair("errorMessage", error_message, "errorType", error_type) + "\n";
}

}  // namespace kelvin::protocol
