#include "emulator/cli/setting_option.hpp"

#include <array>

namespace kelvin {
namespace {

result<void> apply_keep_last_good(settings& chosen, std::string_view text) {
  chosen.keep_last_good = text == "true";
  return {};
}

result<void> apply_no_keep_last_good(settings& chosen, std::string_view text) {
  chosen.keep_last_good = chosen.keep_last_good && text != "true";
  return {};
}

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

constexpr std::array<setting_option, 4> options = {{
    {"--build", "KELVIN_BUILD", "CMD",
     "watch: the shell command that builds all functions when a file changes, in the template's folder or else the "
     "working folder; not given: by CMake, Cargo, Go, Make, npm or BuildMethod",
     "as each project is recognised", 0, apply_build, print_build},
    {"--no-build", "KELVIN_NO_BUILD", "", "watch: build nothing, look for changes of the code alone", "off", 0,
     apply_no_build, [](const settings& chosen) { return std::string(chosen.builds ? "off" : "on"); }},
    {"--keep-last-good", "KELVIN_KEEP_LAST_GOOD", "",
     "watch: code that fails its init leaves the version before serving", "on", 0, apply_keep_last_good,
     [](const settings& chosen) { return std::string(chosen.keep_last_good ? "on" : "off"); }},
    {"--no-keep-last-good", "KELVIN_NO_KEEP_LAST_GOOD", "",
     "watch: code that fails its init serves all the same, and invocations get its error as on AWS", "off", 0,
     apply_no_keep_last_good, [](const settings& chosen) { return std::string(chosen.keep_last_good ? "off" : "on"); }},
}};

}  // namespace

std::span<const setting_option> watch_options() {
  return options;
}

}  // namespace kelvin
