#pragma once

#include <span>
#include <string>

namespace kelvin {

/// Runs what `kelvin ARGUMENT…` asks for and returns the exit code: 0, that of the command, or 2 for
/// a usage error. `arguments` is without the program's own name.
int run_command_line(std::span<const std::string> arguments);

}  // namespace kelvin
