#include "emulator/app/application.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/settings_options.hpp"

#include <CLI/App.hpp>

namespace kelvin {

int run_command(command_arguments arguments) {
  CLI::App app("Serve functions until interrupted.", "run");
  settings_options options;
  std::vector<std::string> targets;
  app.add_option(
         "TARGET", targets,
         "a SAM or CloudFormation template, or NAME=PATH or PATH: a bootstrap file, a folder or a .zip holding one; "
         "none: .aws-sam/build/template.yaml, template.yaml, template.yml, template.json or ./bootstrap, the "
         "first that is there")
      ->option_text(" ");
  options.add_to(app);
  if (const auto code = parse_arguments(app, "[OPTION...] [TARGET...]", arguments))
    return *code;
  auto chosen = options.read();
  if (!chosen)
    return usage_error("run", chosen.error().detail);
  auto parsed = parse_targets(targets);
  if (!parsed)
    return usage_error("run", parsed.error().detail);
  chosen->targets = std::move(*parsed);
  return run_server(*chosen);
}

}  // namespace kelvin
