#include "emulator/cli/setting_option.hpp"

#include <array>

namespace kelvin {
namespace {

result<void> apply_build(settings& chosen, std::string_view text) {
  if (text.find_first_not_of(" \t\n") == std::string_view::npos)
    return fail(errc::invalid_argument, "must be a command for the shell");
  chosen.build_command = text;
  return {};
}

result<void> apply_no_build(settings& chosen, std::string_view text) {
  chosen.builds = text != "true";
  return {};
}

std::string print_build(const settings& chosen) {
  if (!chosen.builds)
    return "none";
  return chosen.build_command.empty() ? "as each project is recognised" : chosen.build_command;
}

constexpr std::array<setting_option, 2> options = {{
    {"--build", "KELVIN_BUILD", "CMD",
     "watch: the shell command that builds all functions when a file changes, in the template's folder or else the "
     "working folder; not given: by CMake, Cargo, Go, Make, npm or BuildMethod",
     "as each project is recognised", 0, apply_build, print_build},
    {"--no-build", "KELVIN_NO_BUILD", "", "watch: build nothing, look for changes of the code alone", "off", 0,
     apply_no_build, [](const settings& chosen) { return std::string(chosen.builds ? "off" : "on"); }},
}};

}  // namespace

std::span<const setting_option> watch_options() {
  return options;
}

}  // namespace kelvin
