#include "runtime-api/base/json_string.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kelvin {
namespace {

// A byte takes six at most: `\u001f`.
constexpr std::size_t growth_max = 6;
// Eight bytes are copied at a time, whether or not all of them are wanted.
constexpr std::size_t word_bytes = sizeof(std::uint64_t);
constexpr std::size_t sequence_bytes_max = 4;
constexpr std::uint64_t low_bits = 0x0101010101010101;
constexpr std::uint64_t high_bits = 0x8080808080808080;
static_assert(std::endian::native == std::endian::little, "the first byte of a word is looked for in its lowest bits");

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

/// The highest bit of each byte that cannot stand in a JSON string as it is, or is not ASCII. Above the first
/// such byte bits may be set where they should not be.
std::uint64_t special_bytes(std::uint64_t word) noexcept {
  const auto zero_bytes = [](std::uint64_t bytes) { return (bytes - low_bits) & ~bytes; };
  const std::uint64_t control = (word - low_bits * 0x20) & ~word;
  return (word | control | zero_bytes(word ^ low_bits * '"') | zero_bytes(word ^ low_bits * '\\')) & high_bits;
}

char* put(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* put_ascii(char* out, char character) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (character) {
    case '"': return put(out, "\\\"");
    case '\\': return put(out, "\\\\");
    case '\n': return put(out, "\\n");
    case '\r': return put(out, "\\r");
    case '\t': return put(out, "\\t");
    default: break;
  }
  if (static_cast<unsigned char>(character) < 0x20) {
    out = put(out, "\\u00");
    *out++ = digits[static_cast<unsigned char>(character) >> 4];
    *out++ = digits[static_cast<unsigned char>(character) & 15];
    return out;
  }
  *out++ = character;
  return out;
}

/// Escapes from `text` until `enough` of its bytes are taken; a sequence of several bytes is taken whole. Writes
/// at most growth_max bytes for each, and may touch word_bytes behind them. Returns the end of what it wrote.
char* escape(char* out, std::string_view& text, std::size_t enough) noexcept {
  const char* next = text.data();
  const char* const end = next + text.size();
  const char* const stop = next + std::min(enough, text.size());
  while (next < stop) {
    if (static_cast<std::size_t>(end - next) >= word_bytes) {
      std::uint64_t word = 0;
      std::memcpy(&word, next, word_bytes);
      std::memcpy(out, &word, word_bytes);
      const std::uint64_t special = special_bytes(word);
      const std::size_t plain = special == 0 ? word_bytes : static_cast<std::size_t>(std::countr_zero(special)) / 8;
      out += plain;
      next += plain;
      if (special == 0) {
        continue;
      }
    }
    if (static_cast<unsigned char>(*next) < 0x80) {
      out = put_ascii(out, *next++);
      continue;
    }
    do {
      const std::string_view rest(next, static_cast<std::size_t>(end - next));
      const std::size_t size = sequence_size(rest);
      out = put(out, size == 0 ? std::string_view("\xEF\xBF\xBD") : rest.substr(0, size));
      next += size == 0 ? 1 : size;
    } while (next < stop && static_cast<unsigned char>(*next) >= 0x80);
  }
  text.remove_prefix(static_cast<std::size_t>(next - text.data()));
  return out;
}

constexpr std::size_t room_for(std::size_t bytes) {
  return (bytes + word_bytes + sequence_bytes_max) * growth_max + word_bytes;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  constexpr std::size_t piece = 256;
  std::array<char, room_for(piece)> escaped;
  json += '"';
  while (!text.empty()) {
    const char* const end = escape(escaped.data(), text, piece);
    json.append(escaped.data(), static_cast<std::size_t>(end - escaped.data()));
  }
  json += '"';
}

void append_json_string(payload& json, std::string_view text) {
  constexpr std::size_t piece = 4096;
  json.append("\"");
  while (!text.empty()) {
    const std::size_t enough = std::min(piece, text.size());
    char* const begin = json.prepare(room_for(enough)).data();
    json.commit(static_cast<std::size_t>(escape(begin, text, enough) - begin));
  }
  json.append("\"");
}

}  // namespace kelvin
