#include "emulator/terminal/key_action.hpp"

#include <algorithm>

namespace kelvin {
namespace {

constexpr char escape = '\x1b';

/// How many bytes the sequence takes that begins with an escape (ECMA-48): `ESC [ … final`, `ESC O x`, `ESC x`.
std::size_t sequence_bytes(std::string_view bytes) {
  if (bytes.size() < 2) {
    return bytes.size();
  }
  if (bytes[1] == 'O') {
    return std::min<std::size_t>(3, bytes.size());
  }
  if (bytes[1] != '[') {
    return 2;
  }
  const auto end = std::find_if(bytes.begin() + 2, bytes.end(), [](char each) { return each >= '@' && each <= '~'; });
  return static_cast<std::size_t>(end - bytes.begin()) + (end == bytes.end() ? 0 : 1);
}

}  // namespace

std::optional<key_action> action_of(char key) {
  switch (key) {
    case 'r': return key_action::restart;
    case 'b': return key_action::rebuild;
    case 'i': return key_action::invoke_again;
    case 'q': return key_action::quit;
    case '?': return key_action::help;
    default: return std::nullopt;
  }
}

std::vector<key_action> actions_of(std::string_view bytes) {
  std::vector<key_action> actions;
  while (!bytes.empty()) {
    if (bytes.front() == escape) {
      bytes.remove_prefix(sequence_bytes(bytes));
      continue;
    }
    if (const auto action = action_of(bytes.front())) {
      actions.push_back(*action);
    }
    bytes.remove_prefix(1);
  }
  return actions;
}

std::string_view key_line() {
  return "r restart  b rebuild  i invoke again  q quit  ? help";
}

std::vector<std::string_view> key_help() {
  return {
      "r: ends the execution environments of all functions when they are free, and starts fresh ones of the same code",
      "b: builds every function that has a build, changed or not",
      "i: invokes the last event again, on the function that it went to, and shows the answer",
      "q: stops as Ctrl-C does; a second time at once",
      "?: shows this",
  };
}

}  // namespace kelvin
