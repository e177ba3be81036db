#include "runtime-api/base/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

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

std::size_t encoded_size(std::string_view bytes) {
  return (bytes.size() + 2) / 3 * 4;
}

/// Writes encoded_size() characters.
void encode(char* out, std::string_view bytes) {
  std::size_t index = 0;
  for (; index + 3 <= bytes.size(); index += 3) {
    const std::uint32_t group =
        byte_at(bytes, index) << 16 | byte_at(bytes, index + 1) << 8 | byte_at(bytes, index + 2);
    for (const int shift : {18, 12, 6, 0}) {
      *out++ = alphabet[group >> shift & 63];
    }
  }
  if (const std::size_t rest = bytes.size() - index; rest != 0) {
    const std::uint32_t group = byte_at(bytes, index) << 16 | (rest == 2 ? byte_at(bytes, index + 1) << 8 : 0);
    *out++ = alphabet[group >> 18 & 63];
    *out++ = alphabet[group >> 12 & 63];
    *out++ = rest == 2 ? alphabet[group >> 6 & 63] : '=';
    *out++ = '=';
  }
}

/// `text` without its padding; nullopt if its length is that of no encoded bytes.
std::optional<std::string_view> without_padding(std::string_view text, base64_padding padding) {
  if (padding == base64_padding::required && text.size() % 4 != 0) {
    return std::nullopt;
  }
  if (text.size() % 4 == 0 && text.ends_with('=')) {
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  return text.size() % 4 == 1 ? std::nullopt : std::optional(text);
}

/// Bytes that `digits` digits stand for.
std::size_t decoded_size(std::size_t digits) {
  return digits / 4 * 3 + (digits % 4 == 0 ? 0 : digits % 4 - 1);
}

/// Writes decoded_size() bytes; false if one of `digits` is none.
bool decode(char* out, std::string_view digits) {
  const auto value_at = [&](std::size_t index) { return values[static_cast<unsigned char>(digits[index])]; };
  std::size_t index = 0;
  std::uint8_t seen = 0;
  for (; index + 4 <= digits.size(); index += 4) {
    const std::array four{value_at(index), value_at(index + 1), value_at(index + 2), value_at(index + 3)};
    seen |= static_cast<std::uint8_t>(four[0] | four[1] | four[2] | four[3]);
    const std::uint32_t group = static_cast<std::uint32_t>(four[0]) << 18 | static_cast<std::uint32_t>(four[1]) << 12 |
                                static_cast<std::uint32_t>(four[2]) << 6 | four[3];
    for (const int shift : {16, 8, 0}) {
      *out++ = static_cast<char>(group >> shift & 255);
    }
  }
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (; index < digits.size(); ++index) {
    seen |= value_at(index);
    group = group << 6 | value_at(index);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      *out++ = static_cast<char>(group >> bits & 255);
    }
  }
  // No digit's value has the two highest bits, and what is no digit has them.
  return (seen & 0xc0) == 0;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text(encoded_size(bytes), '=');
  encode(text.data(), bytes);
  return text;
}

void append_base64(payload& text, std::string_view bytes) {
  encode(text.prepare(encoded_size(bytes)).data(), bytes);
  text.commit(encoded_size(bytes));
}

std::optional<std::string> base64_decode(std::string_view text, base64_padding padding) {
  const auto digits = without_padding(text, padding);
  if (!digits) {
    return std::nullopt;
  }
  std::string bytes(decoded_size(digits->size()), '\0');
  return decode(bytes.data(), *digits) ? std::optional(std::move(bytes)) : std::nullopt;
}

bool append_base64_decoded(payload& bytes, std::string_view text, base64_padding padding) {
  const auto digits = without_padding(text, padding);
  if (!digits || !decode(bytes.prepare(decoded_size(digits->size())).data(), *digits)) {
    return false;
  }
  bytes.commit(decoded_size(digits->size()));
  return true;
}

}  // namespace kelvin
