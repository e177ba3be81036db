#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace kelvin {

/// What a key asks for.
enum class key_action { restart, rebuild, invoke_again, quit, help };

/// Nothing for a key without a meaning.
std::optional<key_action> action_of(char key);

/// What the bytes of one read from a terminal ask for, in order. Sequences of keys that send several bytes (arrows,
/// functions, with Alt) ask for nothing.
std::vector<key_action> actions_of(std::string_view bytes);

/// All keys in one line: `r restart  b rebuild  …`.
std::string_view key_line();

/// A sentence for each key.
std::vector<std::string_view> key_help();

}  // namespace kelvin
