#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

struct function_configuration;

/// What a function's process runs under while it is debugged.
enum class debugger {
  gdbserver,
  lldb_server,
  dlv,
  wait,  ///< none: it is stopped before its first instruction, for a debugger that attaches by its number
};

/// How one function is debugged.
struct debugging {
  debugger with = debugger::wait;
  std::string program;     ///< absolute path of the debugger; empty with `wait`
  std::uint16_t port = 0;  ///< of 127.0.0.1, where the debugger's client connects to; not used with `wait`
};

/// The deadline that the runtime of a debugged function is told, from the invocation's begin. Java's is an int of
/// milliseconds, so that it cannot be much further away. Nothing happens when it passes.
inline constexpr std::chrono::seconds debugged_deadline{24 * 60 * 60};

/// As the command line names it: `gdbserver`, `lldb-server`, `dlv`, `wait`.
std::string_view name_of(debugger which) noexcept;
/// nullopt: nothing is called so.
std::optional<debugger> find_debugger(std::string_view name) noexcept;

/// Suspends what else would end, limit or multiply the function's processes: memory, reserved concurrency (but 0,
/// which lets nothing in), more than one execution environment. Timeouts ask `debugged` where they are set.
void put_under_debugger(function_configuration& function, debugging by);

struct debug_command {
  std::string program;
  std::vector<std::string> arguments;
};

/// What is to be run so that `bootstrap` runs under the debugger, with its environment variables as they are given.
debug_command command_under(const debugging& by, const std::string& bootstrap);

/// What the user types to attach to a process that was started so, as a sentence's end. `process_id` is the
/// started process's, as the user sees it.
std::string how_to_attach(const debugging& by, const std::string& bootstrap, int process_id);

}  // namespace kelvin
