#include "emulator/cli/command_line.hpp"

#include "emulator/app/application.hpp"
#include "emulator/cli/command.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace kelvin {
namespace {

struct command {
  const char* name;
  const char* summary;
  int (*run)(command_arguments);  ///< null: not in this version
};

constexpr std::array<command, 12> commands = {{
    {"run", "serve functions until interrupted", run_command},
    {"watch", "serve functions, build what is edited, and take up what has changed", watch_command},
    {"invoke", "invoke a function of a running kelvin, or one of a target once", invoke_command},
    {"exec", "serve functions while a command runs, and exit as it does", exec_command},
    {"config", "show every effective setting, where it comes from, and the functions", config_command},
    {"doctor", "check what this machine can do", doctor_command},
    {"inspect", "look at what would be uploaded: what would fail on AWS, what costs start-up time", inspect_command},
    {"bench", nullptr, nullptr},
    {"event", nullptr, nullptr},
    {"new", nullptr, nullptr},
    {"package", nullptr, nullptr},
    {"deploy", nullptr, nullptr},
}};

void print_help(std::FILE* to) {
  std::fputs("kelvin " KELVIN_VERSION
             ": AWS Lambda functions on this machine\n\n"
             "Usage: kelvin COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n",
             to);
  for (const auto& each : commands) {
    if (each.run != nullptr)
      std::fprintf(to, "  %-8s %s\n", each.name, each.summary);
  }
  std::fputs(
      "\nkelvin COMMAND --help shows a command's options, their environment variables and defaults.\n"
      "kelvin --version shows the version.\n",
      to);
}

int unknown_command(const std::string& name) {
  std::error_code error;
  if (name.find('=') != std::string::npos || std::filesystem::exists(name, error)) {
    return usage_error("", "unknown command `" + name + "`; did you mean: kelvin run " + name);
  }
  std::vector<std::string> names;
  for (const auto& each : commands)
    names.emplace_back(each.name);
  const auto meant = nearest(name, names);
  return usage_error("", "unknown command `" + name + "`" + (meant.empty() ? "" : "; did you mean " + meant + "?"));
}

}  // namespace

int run_command_line(std::span<const std::string> arguments) {
  if (arguments.empty()) {
    print_help(stderr);
    return exit_code::usage;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_help(stdout);
    return exit_code::success;
  }
  if (name == "--version" || name == "version") {
    std::puts("kelvin " KELVIN_VERSION);
    return exit_code::success;
  }
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const auto& each) { return name == each.name; });
  if (found == commands.end())
    return unknown_command(name);
  if (found->run == nullptr)
    return usage_error("", "kelvin " + name + " is not in this version");
  return found->run(arguments.subspan(1));
}

}  // namespace kelvin
