#pragma once

#include "runtime-api/base/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace kelvin {

/// What stands behind a command's name.
using command_arguments = std::span<const std::string>;

// Each command parses its arguments, does its work and returns kelvin's exit code.
int run_command(command_arguments arguments);
int watch_command(command_arguments arguments);
int exec_command(command_arguments arguments);
int invoke_command(command_arguments arguments);
int config_command(command_arguments arguments);
int doctor_command(command_arguments arguments);
int inspect_command(command_arguments arguments);

/// Parses a command's arguments. nullopt: go on; else the exit code, after help or the usage error
/// was printed. `synopsis` stands in the help behind `Usage: kelvin COMMAND`. Unknown options come
/// with the nearest known one.
std::optional<int> parse_arguments(CLI::App& app, std::string_view synopsis, command_arguments arguments);

/// Prints the message, and where the command's help is, to stderr; returns exit_code::usage.
int usage_error(std::string_view command, std::string_view message);

/// The candidate that differs least from `text` if it is close enough to be what was meant; empty otherwise.
std::string nearest(std::string_view text, std::span<const std::string> candidates);

}  // namespace kelvin
