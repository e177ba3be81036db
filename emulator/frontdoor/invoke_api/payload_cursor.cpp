#include "emulator/frontdoor/invoke_api/payload_cursor.hpp"

#include "emulator/frontdoor/invoke_api/utf8.hpp"

namespace kelvin::frontdoor {

std::string payload_cursor::location(std::size_t position) const {
  std::size_t line = 1;
  std::size_t line_begin = 0;
  for (std::size_t index = 0; index < position && index < text_.size(); ++index) {
    const bool line_ends = text_[index] == '\n' || (text_[index] == '\r' && text_.substr(index + 1, 1) != "\n");
    if (line_ends) {
      ++line;
      line_begin = index + 1;
    }
  }
  return " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: " +
         std::to_string(line) + ", column: " + std::to_string(position - line_begin + 1) + "]";
}

bool payload_cursor::fail(std::string_view what) {
  problem_ = std::string(what) + "\n" + location(position_);
  return false;
}

std::string payload_cursor::described(char32_t code_point) {
  if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0)) {
    return "(CTRL-CHAR, code " + std::to_string(static_cast<unsigned>(code_point)) + ")";
  }
  std::string text = "'";
  append_utf8(text, code_point);
  return text + "' (code " + std::to_string(static_cast<unsigned>(code_point)) + ")";
}

bool payload_cursor::fail_unexpected(std::string_view comment) {
  return fail("Unexpected character (" + described(peek()) + "): " + std::string(comment));
}

bool payload_cursor::fail_number(std::string_view comment) {
  if (at_end()) {
    return fail("Unexpected end-of-input in a Number value");
  }
  return fail("Unexpected character (" + described(peek()) + ") in numeric value: " + std::string(comment));
}

bool payload_cursor::fail_utf8(std::string_view what) {
  const unsigned char byte = peek();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "Invalid UTF-8 " + std::string(what) + " byte 0x";
  text.push_back(digits[byte >> 4]);
  text.push_back(digits[byte & 15]);
  ++position_;
  return fail(text);
}

}  // namespace kelvin::frontdoor
