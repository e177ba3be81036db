#include "emulator/web/percent_encoding.hpp"

#include <cstddef>

namespace kelvin::web {
namespace {

/// -1: not a digit.
int hexadecimal_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string percent_decoded(std::string_view text, plus_sign plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] == '%' && index + 2 < text.size()) {
      const int high = hexadecimal_value(text[index + 1]);
      const int low = hexadecimal_value(text[index + 2]);
      if (high >= 0 && low >= 0) {
        decoded.push_back(static_cast<char>(high << 4 | low));
        index += 2;
        continue;
      }
    }
    decoded.push_back(text[index] == '+' && plus == plus_sign::space ? ' ' : text[index]);
  }
  return decoded;
}

}  // namespace kelvin::web
