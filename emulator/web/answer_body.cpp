#include "emulator/web/answer_body.hpp"

#include <cstddef>

namespace kelvin::web {
namespace {

constexpr std::string_view spaces = " \t\r\n";

/// Where the string's closing quote is. `begin`: behind the opening one.
std::optional<std::size_t> end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t quote = text.find('"', begin); quote != std::string_view::npos; quote = text.find('"', quote + 1)) {
    std::size_t backslashes = 0;
    while (quote - backslashes > begin && text[quote - backslashes - 1] == '\\') {
      ++backslashes;
    }
    if (backslashes % 2 == 0) {
      return quote;
    }
  }
  return std::nullopt;
}

/// The position of the first token at or behind `position`.
std::size_t next_token(std::string_view text, std::size_t position) {
  const std::size_t found = text.find_first_not_of(spaces, position);
  return found == std::string_view::npos ? text.size() : found;
}

bool is_at(std::string_view text, std::size_t position, char wanted) {
  return position < text.size() && text[position] == wanted;
}

bool has_escape(std::string_view inside) {
  return inside.find('\\') != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> find_escaped_body(std::string_view object) {
  std::optional<std::string_view> body;
  unsigned depth = 0;
  bool found = false;
  for (std::size_t position = next_token(object, 0); position < object.size(); ++position) {
    const char token = object[position];
    depth += token == '{' || token == '[' ? 1 : 0;
    depth -= depth > 0 && (token == '}' || token == ']') ? 1 : 0;
    if (token != '"') {
      continue;
    }
    const auto end = end_of_string(object, position + 1);
    if (!end) {
      return std::nullopt;
    }
    const std::string_view inside = object.substr(position + 1, *end - position - 1);
    position = *end;
    const std::size_t colon = next_token(object, *end + 1);
    if (depth != 1 || !is_at(object, colon, ':')) {
      continue;
    }
    if (has_escape(inside) || (inside == "body" && found)) {
      return std::nullopt;
    }
    if (inside == "body") {
      found = true;
      const std::size_t value = next_token(object, colon + 1);
      const auto end_of_value = is_at(object, value, '"') ? end_of_string(object, value + 1) : std::nullopt;
      if (end_of_value) {
        body = object.substr(value + 1, *end_of_value - value - 1);
        position = *end_of_value;
      }
    }
  }
  return body && has_escape(*body) ? body : std::nullopt;
}

}  // namespace kelvin::web
