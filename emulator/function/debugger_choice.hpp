#pragma once

#include "emulator/function/debugging.hpp"
#include "runtime-api/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// Absolute path of an installed program; empty: it is not there.
using program_finder = std::function<std::string(std::string_view name)>;

struct debugger_choice {
  debugger with = debugger::wait;
  std::string program;  ///< its path; empty with `wait`
  std::string why_not;  ///< where the one that suits the bootstrap best is not installed: a sentence that says so
};

/// The debugger that was asked for, else the one that suits the bootstrap and is installed: dlv for a Go program,
/// else gdbserver, else lldb-server, else `wait`. Errors: not_found, if the one asked for is not
/// installed; the detail names the package that has it.
result<debugger_choice> choose_debugger(std::optional<debugger> asked, bool is_go, const program_finder& find);

/// An executable file of that name in one of the folders of `search_path` (as PATH); empty: there is none.
std::string find_program(std::string_view name, std::string_view search_path);

/// Whether a file is a Go program by its sections, which are there after stripping too. False, too, if it cannot be
/// read.
bool is_go_program(const std::string& path);

}  // namespace kelvin
