#include "emulator/terminal/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kelvin {
namespace {

struct character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The first character of a text that is not empty; one byte that is not valid where there is none.
character first_of(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1, true};
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return {};
  }
  std::uint32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0u) != 0x80) {
      return {};
    }
    code = code << 6 | (byte(at) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return overlong || surrogate || code > 0x10FFFF ? character{} : character{code, length, true};
}

/// C0, DEL and C1: some terminals obey the last as well.
bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

struct code_range {
  std::uint32_t first, last;
};

template <std::size_t Size>
bool is_in(const std::array<code_range, Size>& ranges, std::uint32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const code_range& each) { return code >= each.first && code <= each.last; });
}

/// The blocks that Unicode's East Asian Width (UAX #11) calls wide, whole: a line that is cut too early looks better
/// than one that wraps.
constexpr std::array<code_range, 9> wide{{{0x1100, 0x115F},
                                          {0x2E80, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1FAFF},
                                          {0x20000, 0x3FFFD}}};
constexpr std::array<code_range, 4> combining{{{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

std::size_t columns_of(std::uint32_t code) {
  return is_in(combining, code) ? 0 : is_in(wide, code) ? 2 : 1;
}

}  // namespace

std::string printable_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  std::string made;
  made.reserve(text.size());
  while (!text.empty()) {
    const character next = first_of(text);
    if (!next.valid) {
      made += '?';
    } else if (is_control(next.code)) {
      made += ' ';
    } else {
      made.append(text.substr(0, next.bytes));
    }
    text.remove_prefix(next.bytes);
  }
  made.erase(made.find_last_not_of(' ') + 1);
  return made;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const character next = first_of(text);
    columns += columns_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) {
    return std::string(text);
  }
  if (columns == 0) {
    return {};
  }
  std::size_t kept_bytes = 0;
  std::size_t kept_columns = 0;
  while (true) {
    const character next = first_of(text.substr(kept_bytes));
    kept_columns += columns_of(next.code);
    if (kept_columns > columns - 1) {
      break;
    }
    kept_bytes += next.bytes;
  }
  return std::string(text.substr(0, kept_bytes)) + "…";
}

}  // namespace kelvin
