#include "runtime-api/base/base64.hpp"

#include <array>
#include <cstdint>

namespace kelvin {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t index = 0; index < alphabet.size(); ++index) {
    values[static_cast<unsigned char>(alphabet[index])] = static_cast<std::uint8_t>(index);
  }
  return values;
}
constexpr auto values = make_values();

std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t index = 0;
  for (; index + 3 <= bytes.size(); index += 3) {
    const std::uint32_t group =
        byte_at(bytes, index) << 16 | byte_at(bytes, index + 1) << 8 | byte_at(bytes, index + 2);
    for (const int shift : {18, 12, 6, 0}) {
      text.push_back(alphabet[group >> shift & 63]);
    }
  }
  if (const std::size_t rest = bytes.size() - index; rest != 0) {
    const std::uint32_t group = byte_at(bytes, index) << 16 | (rest == 2 ? byte_at(bytes, index + 1) << 8 : 0);
    text.push_back(alphabet[group >> 18 & 63]);
    text.push_back(alphabet[group >> 12 & 63]);
    text.push_back(rest == 2 ? alphabet[group >> 6 & 63] : '=');
    text.push_back('=');
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text, base64_padding padding) {
  if (padding == base64_padding::required && text.size() % 4 != 0) {
    return std::nullopt;
  }
  if (text.size() % 4 == 0 && text.ends_with('=')) {
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  if (text.size() % 4 == 1) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char character : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(character)];
    if (value == no_digit) {
      return std::nullopt;
    }
    group = group << 6 | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>(group >> bits & 255));
    }
  }
  return bytes;
}

}  // namespace kelvin
