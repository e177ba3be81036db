#include "emulator/cli/option_value.hpp"
#include "emulator/cli/setting_option.hpp"

#include <array>

namespace kelvin {
namespace {

constexpr unsigned port_max = 65'535;

result<void> apply_debug(settings& chosen, std::string_view text) {
  if (text.empty())
    return fail(errc::invalid_argument, "must be the name of a function");
  chosen.debug = text;
  return {};
}

result<void> apply_debug_with(settings& chosen, std::string_view text) {
  chosen.debug_with = find_debugger(text);
  if (!chosen.debug_with)
    return fail(errc::invalid_argument, "must be gdbserver, lldb-server, dlv or wait");
  return {};
}

result<void> apply_debug_port(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 1, port_max, "a port");
  if (!number)
    return number.error();
  chosen.debug_port = static_cast<std::uint16_t>(*number);
  return {};
}

constexpr std::array<setting_option, 3> options = {{
    {"--debug", "KELVIN_DEBUG", "FUNCTION",
     "run this function under a debugger, at isolation level host, with every timeout and limit suspended", "none", 0,
     apply_debug, [](const settings& chosen) { return chosen.debug.empty() ? "none" : chosen.debug; }},
    {"--debug-with", "KELVIN_DEBUG_WITH", "DEBUGGER",
     "gdbserver, lldb-server, dlv, or wait: stopped before its first instruction, for `gdb -p`",
     "dlv for Go, else gdbserver, lldb-server or wait, the first that is installed", 0, apply_debug_with,
     [](const settings& chosen) {
       return chosen.debug_with ? std::string(name_of(*chosen.debug_with))
                                : "dlv for Go, else gdbserver, lldb-server or wait, the first that is installed";
     }},
    {"--debug-port", "KELVIN_DEBUG_PORT", "PORT", "port of 127.0.0.1 where the debugger waits for its client", "2345",
     0, apply_debug_port, [](const settings& chosen) { return std::to_string(chosen.debug_port); }},
}};

}  // namespace

std::span<const setting_option> debug_options() {
  return options;
}

}  // namespace kelvin
