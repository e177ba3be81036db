#include "runtime-api/base/base64.hpp"

#include <algorithm>
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

// Above the 24 bits of four digits.
constexpr std::uint32_t not_a_digit = 1u << 24;

/// Each digit's value where it belongs in a group of four, not_a_digit for what is none.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_shifted_values() {
  std::array<std::array<std::uint32_t, 256>, 4> made{};
  for (std::size_t place = 0; place < made.size(); ++place) {
    for (std::size_t byte = 0; byte < values.size(); ++byte) {
      made[place][byte] =
          values[byte] == no_digit ? not_a_digit : static_cast<std::uint32_t>(values[byte]) << (18 - 6 * place);
    }
  }
  return made;
}
constexpr auto shifted_values = make_shifted_values();

/// The two digits of each twelve bits: half the look-ups of one digit at a time.
constexpr std::array<std::array<char, 2>, 4096> make_pairs() {
  std::array<std::array<char, 2>, 4096> made{};
  for (std::size_t bits = 0; bits < made.size(); ++bits) {
    made[bits] = {alphabet[bits >> 6], alphabet[bits & 63]};
  }
  return made;
}
constexpr auto pairs = make_pairs();

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
    out = std::copy_n(pairs[group >> 12].begin(), 2, out);
    out = std::copy_n(pairs[group & 4095].begin(), 2, out);
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
  // By pointer: what is written through `out` might, for all the compiler knows, change a view.
  const char* next = digits.data();
  std::uint32_t bad = 0;
  for (std::size_t groups = digits.size() / 4; groups != 0; --groups, next += 4) {
    const auto at = [next](std::size_t place) {
      return shifted_values[place][static_cast<unsigned char>(next[place])];
    };
    const std::uint32_t group = at(0) | at(1) | at(2) | at(3);
    bad |= group;
    *out++ = static_cast<char>(group >> 16 & 255);
    *out++ = static_cast<char>(group >> 8 & 255);
    *out++ = static_cast<char>(group & 255);
  }
  std::uint32_t group = 0;
  for (std::size_t place = 0; place < digits.size() % 4; ++place) {
    group |= shifted_values[place][static_cast<unsigned char>(next[place])];
  }
  bad |= group;
  for (std::size_t place = 1; place < digits.size() % 4; ++place) {
    *out++ = static_cast<char>(group >> (24 - 8 * place) & 255);
  }
  return (bad & not_a_digit) == 0;
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
