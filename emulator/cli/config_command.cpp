#include "emulator/app/application.hpp"
#include "emulator/app/load_functions.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/config_printing.hpp"
#include "emulator/cli/settings_options.hpp"

#include <CLI/App.hpp>
#include <cstdio>

namespace kelvin {
int config_command(command_arguments arguments) {
  CLI::App app(
      "Show what `kelvin run` or `kelvin watch` would do with the same arguments: each effective value,\n"
      "where it comes from, and the functions.",
      "config");
  settings_options options(option_scope::watching);
  std::vector<std::string> targets;
  app.add_option("TARGET", targets, "as for kelvin run")->option_text(" ");
  options.add_to(app);
  if (const auto code = parse_arguments(app, "[OPTION...] [TARGET...]", arguments))
    return *code;
  auto chosen = options.read();
  if (!chosen)
    return usage_error("config", chosen.error().detail);
  auto parsed = parse_targets(targets);
  if (!parsed)
    return usage_error("config", parsed.error().detail);
  chosen->targets = std::move(*parsed);

  for (const auto& value : options.effective_values(*chosen)) {
    std::printf("(%s) %s = %s\n", value.origin.c_str(), value.name.c_str(), value.value.c_str());
  }
  for (const auto& name : unknown_variables()) {
    std::fprintf(stderr, "kelvin: warning: the environment variable %s is set, but no option reads it\n", name.c_str());
  }
  // As `run` would load them, and forgotten again.
  scratch_folder scratch;
  const auto described = describe_targets(*chosen);
  const result<loaded_functions> loaded =
      described ? load_functions(*chosen, *described, scratch) : result<loaded_functions>(described.error());
  if (!loaded) {
    std::fflush(stdout);
    std::fprintf(stderr, "kelvin: error: %s\n", loaded.error().detail.c_str());
    return exit_code::own_failure;
  }
  print_functions(*loaded, *described);
  std::fflush(stdout);
  for (const auto& warning : loaded->warnings)
    std::fprintf(stderr, "kelvin: warning: %s\n", warning.c_str());
  return exit_code::success;
}

}  // namespace kelvin
