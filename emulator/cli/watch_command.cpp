#include "emulator/app/application.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/settings_options.hpp"

#include <CLI/App.hpp>

namespace kelvin {

int watch_command(command_arguments arguments) {
  CLI::App app(
      "Serve functions until interrupted. When their sources change they are built anew, and when their code has\n"
      "changed it is taken up while requests go on.",
      "watch");
  settings_options options(option_scope::watching);
  std::vector<std::string> targets;
  app.add_option("TARGET", targets, "as of `kelvin run`; each is watched")->option_text(" ");
  options.add_to(app);
  if (const auto code = parse_arguments(app, "[OPTION...] [TARGET...]", arguments))
    return *code;
  auto chosen = options.read();
  if (!chosen)
    return usage_error("watch", chosen.error().detail);
  auto parsed = parse_targets(targets);
  if (!parsed)
    return usage_error("watch", parsed.error().detail);
  chosen->targets = std::move(*parsed);
  chosen->watches = true;
  return run_watch(*chosen);
}

}  // namespace kelvin
