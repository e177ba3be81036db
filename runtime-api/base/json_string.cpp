#include "runtime-api/base/json_string.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

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

/// Fewer than word_bytes, with zeros behind them; at least one.
std::uint64_t load_rest(const char* from, std::size_t count) noexcept {
  const auto load = [](const char* at, auto bytes) {
    std::memcpy(&bytes, at, sizeof bytes);
    return static_cast<std::uint64_t>(bytes);
  };
  if (count >= 4) {
    return load(from, std::uint32_t{}) | load(from + count - 4, std::uint32_t{}) << (count - 4) * 8;
  }
  if (count >= 2) {
    return load(from, std::uint16_t{}) | load(from + count - 2, std::uint16_t{}) << (count - 2) * 8;
  }
  return static_cast<unsigned char>(*from);
}

/// Copies what needs no escape, in blocks, while at least one lies before `stop`.
void copy_plain_blocks(char*& out, const char*& next, const char* stop) noexcept {
  constexpr std::size_t block_words = 4;
  while (static_cast<std::size_t>(stop - next) >= block_words * word_bytes) {
    std::array<std::uint64_t, block_words> words;
    std::memcpy(words.data(), next, sizeof words);
    if ((special_bytes(words[0]) | special_bytes(words[1]) | special_bytes(words[2]) | special_bytes(words[3])) != 0) {
      return;
    }
    std::memcpy(out, words.data(), sizeof words);
    out += sizeof words;
    next += sizeof words;
  }
}

/// Escapes from `text` until `enough` of its bytes are taken; a sequence of several bytes is taken whole. Writes
/// at most growth_max bytes for each, and may touch word_bytes behind them. Returns the end of what it wrote.
char* escape(char* out, std::string_view& text, std::size_t enough) noexcept {
  const char* next = text.data();
  const char* const end = next + text.size();
  const char* const stop = next + std::min(enough, text.size());
  while (next < stop) {
    copy_plain_blocks(out, next, stop);
    if (next == stop) {
      break;
    }
    const std::size_t rest_bytes = std::min(static_cast<std::size_t>(end - next), word_bytes);
    std::uint64_t word = 0;
    if (rest_bytes == word_bytes) {
      std::memcpy(&word, next, word_bytes);
    } else {
      word = load_rest(next, rest_bytes);
    }
    std::memcpy(out, &word, word_bytes);
    const std::uint64_t special = special_bytes(word);
    // The zeros behind a rest are special, too.
    const std::size_t plain = special == 0 ? word_bytes : static_cast<std::size_t>(std::countr_zero(special)) / 8;
    out += plain;
    next += plain;
    if (plain == rest_bytes) {
      continue;
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

/// The four hexadecimal digits at `position`; nullopt: they are none.
std::optional<unsigned> code_unit(std::string_view text, std::size_t position) noexcept {
  if (text.size() < position + 4) {
    return std::nullopt;
  }
  unsigned unit = 0;
  const char* const begin = text.data() + position;
  const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
  return error == std::errc() && end == begin + 4 ? std::optional(unit) : std::nullopt;
}

char* put_utf8(char* out, unsigned point) noexcept {
  const auto continuation = [point](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    *out++ = static_cast<char>(point);
  } else if (point < 0x800) {
    *out++ = static_cast<char>(0xC0 | (point >> 6));
    *out++ = continuation(0);
  } else if (point < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (point >> 12));
    *out++ = continuation(6);
    *out++ = continuation(0);
  } else {
    *out++ = static_cast<char>(0xF0 | (point >> 18));
    *out++ = continuation(12);
    *out++ = continuation(6);
    *out++ = continuation(0);
  }
  return out;
}

/// Takes `\u1234`, or two of them that are a surrogate pair, off the front of `text`. Null: it is none.
char* unescape_code_point(char* out, std::string_view& text) noexcept {
  const auto is_leading = [](unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; };
  const auto is_trailing = [](unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; };
  const auto first = code_unit(text, 2);
  if (!first || is_trailing(*first)) {
    return nullptr;
  }
  if (!is_leading(*first)) {
    text.remove_prefix(6);
    return put_utf8(out, *first);
  }
  const auto second = text.substr(6, 2) == "\\u" ? code_unit(text, 8) : std::nullopt;
  if (!second || !is_trailing(*second)) {
    return nullptr;
  }
  text.remove_prefix(12);
  return put_utf8(out, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
}

/// Takes one escape off the front of `text`. Null: it is none.
char* unescape_one(char* out, std::string_view& text) noexcept {
  constexpr std::string_view escapes = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  if (text.size() < 2) {
    return nullptr;
  }
  if (text[1] == 'u') {
    return unescape_code_point(out, text);
  }
  const std::size_t which = escapes.find(text[1]);
  if (which == std::string_view::npos) {
    return nullptr;
  }
  *out++ = meanings[which];
  text.remove_prefix(2);
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
  // A long text is taken in pieces, since room is made for the worst case. The quotes share the first and last room.
  constexpr std::size_t piece = 256;
  bool first = true;
  do {
    const std::size_t enough = std::min(piece, text.size());
    char* const begin = json.prepare(room_for(enough) + 2).data();
    char* end = begin;
    if (std::exchange(first, false)) {
      *end++ = '"';
    }
    end = escape(end, text, enough);
    if (text.empty()) {
      *end++ = '"';
    }
    json.commit(static_cast<std::size_t>(end - begin));
  } while (!text.empty());
}

std::size_t json_string_room(std::size_t text_bytes) noexcept {
  return room_for(text_bytes) + 2;
}

char* put_json_string(char* out, std::string_view text) noexcept {
  *out++ = '"';
  out = escape(out, text, text.size());
  *out++ = '"';
  return out;
}

bool append_unescaped_json(payload& to, std::string_view inside) {
  // Never longer than what it was made of; eight bytes are copied at a time.
  char* const begin = to.prepare(inside.size() + word_bytes).data();
  char* out = begin;
  while (!inside.empty()) {
    if (inside.size() >= word_bytes) {
      std::uint64_t word = 0;
      std::memcpy(&word, inside.data(), word_bytes);
      std::memcpy(out, &word, word_bytes);
      const std::uint64_t special = special_bytes(word);
      const std::size_t plain = special == 0 ? word_bytes : static_cast<std::size_t>(std::countr_zero(special)) / 8;
      out += plain;
      inside.remove_prefix(plain);
      if (special == 0) {
        continue;
      }
    }
    const char next = inside[0];
    if (next == '\\') {
      out = unescape_one(out, inside);
      if (out == nullptr) {
        return false;
      }
      continue;
    }
    const bool is_ascii = static_cast<unsigned char>(next) < 0x80;
    const std::size_t size = is_ascii ? 1 : sequence_size(inside);
    if (size == 0 || next == '"' || (is_ascii && next < 0x20)) {
      return false;
    }
    out = put(out, inside.substr(0, size));
    inside.remove_prefix(size);
  }
  to.commit(static_cast<std::size_t>(out - begin));
  return true;
}

}  // namespace kelvin
