#pragma once

#include "emulator/app/invoke_arguments.hpp"
#include "emulator/app/settings.hpp"

#include <string>
#include <vector>

namespace kelvin {

/// Exit codes of kelvin's own making (design: commands).
namespace exit_code {
inline constexpr int success = 0;
inline constexpr int function_error = 1;
inline constexpr int usage = 2;
inline constexpr int own_failure = 3;
inline constexpr int exec_own_failure = 125;
inline constexpr int exec_not_runnable = 126;
inline constexpr int exec_not_found = 127;
}  // namespace exit_code

/// `kelvin run`: serves until SIGINT, SIGTERM or SIGHUP; a second signal stops at once. Returns the
/// exit code. Must be called while the process has one thread and no io_context.
int run_server(const settings& chosen);

/// `kelvin watch`: the same, and takes up changed code while it serves.
int run_watch(const settings& chosen);

/// `kelvin exec`: serves on a free port (unless one was chosen), runs `command` with the endpoint's
/// variables, stops everything and returns the command's exit code (128 + signal if one ended it).
int run_exec(const settings& chosen, const std::vector<std::string>& command);

/// `kelvin invoke --target`: serves on a free port, invokes once, prints the body to stdout and
/// returns the exit code.
int run_invoke_once(const settings& chosen, const invoke_arguments& arguments);

}  // namespace kelvin
