#include "emulator/terminal/key_action.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace kelvin;

TEST_CASE("Every key has the action that the help says, and no other byte has one") {
  const std::map<char, key_action> keys = {{'r', key_action::restart},
                                           {'b', key_action::rebuild},
                                           {'i', key_action::invoke_again},
                                           {'q', key_action::quit},
                                           {'?', key_action::help}};
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const auto found = keys.find(static_cast<char>(byte));
    CHECK(action_of(static_cast<char>(byte)) == (found == keys.end() ? std::nullopt : std::optional(found->second)));
  }
  REQUIRE(key_help().size() == keys.size());
  for (const std::string_view each : key_help()) {
    CHECK(keys.contains(each.front()));
    CHECK(each.substr(1, 2) == ": ");
    CHECK(key_line().find(std::string(1, each.front()) + " ") != std::string_view::npos);
  }
}

TEST_CASE("Keys that come at once are taken in order") {
  CHECK(actions_of("").empty());
  CHECK(actions_of("xyz\r\n ").empty());
  CHECK(actions_of("rxq") == std::vector{key_action::restart, key_action::quit});
  CHECK(actions_of("ii") == std::vector{key_action::invoke_again, key_action::invoke_again});
}

TEST_CASE("Sequences of arrows, function keys and Alt ask for nothing") {
  const std::vector<key_action> help{key_action::help};
  CHECK(actions_of("\x1b[A?") == help);
  CHECK(actions_of("\x1b[1;5r?") == help);
  CHECK(actions_of("\x1b[15~?") == help);
  CHECK(actions_of("\x1bOr?") == help);
  CHECK(actions_of("\x1bq?") == help);
  CHECK(actions_of("\x1b\x1b[A?").size() <= 1);
  CHECK(actions_of("\x1b").empty());
  CHECK(actions_of("\x1b[").empty());
  CHECK(actions_of("\x1b[12").empty());
  CHECK(actions_of("\x1bO").empty());
}
