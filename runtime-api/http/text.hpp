#pragma once

#include <algorithm>
#include <string_view>

namespace kelvin::http {

/// ASCII only, whatever the locale: field names, hosts and tokens of HTTP.
constexpr char to_lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char one, char other) { return to_lower(one) == to_lower(other); });
}

constexpr bool is_control(char letter) noexcept {
  return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

/// RFC 9110, section 5.6.2: what a method or a field name is made of.
constexpr bool is_token_character(char letter) noexcept {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (letter >= '0' && letter <= '9') || (to_lower(letter) >= 'a' && to_lower(letter) <= 'z') ||
         others.find(letter) != std::string_view::npos;
}

}  // namespace kelvin::http
