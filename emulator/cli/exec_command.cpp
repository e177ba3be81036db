#include "emulator/app/application.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/settings_options.hpp"

#include <CLI/App.hpp>
#include <algorithm>

namespace kelvin {

int exec_command(command_arguments arguments) {
  CLI::App app(
      "Serve functions on a free port while a command runs, with AWS_ENDPOINT_URL_LAMBDA and KELVIN_URL set\n"
      "for it. Exits as the command does; 125: kelvin failed, 126: the command cannot be run, 127: not found.",
      "exec");
  settings_options options;
  std::vector<std::string> targets;
  std::string report;
  bool fail_on_error = false;
  app.add_option(
         "TARGET", targets,
         "a SAM or CloudFormation template, or NAME=PATH or PATH: a bootstrap file, a folder or a .zip holding one; "
         "none: .aws-sam/build/template.yaml, template.yaml, template.yml, template.json or ./bootstrap, the "
         "first that is there")
      ->option_text(" ");
  app.add_option("--junit", report, "not in this version")->option_text("F");
  app.add_flag("--fail-on-function-error", fail_on_error, "not in this version");
  options.add_to(app);

  // The command's own arguments are not kelvin's to read.
  const auto mark = std::find(arguments.begin(), arguments.end(), "--");
  const auto before = arguments.first(static_cast<std::size_t>(mark - arguments.begin()));
  if (const auto code = parse_arguments(app, "[OPTION...] [TARGET...] -- COMMAND [ARGUMENT...]", before))
    return *code;
  if (!report.empty())
    return usage_error("exec", "--junit is not in this version");
  if (fail_on_error)
    return usage_error("exec", "--fail-on-function-error is not in this version");
  if (arguments.end() - mark < 2) {
    return usage_error("exec", "the command is missing: kelvin exec [TARGET...] -- COMMAND [ARGUMENT...]");
  }
  auto chosen = options.read();
  if (!chosen)
    return usage_error("exec", chosen.error().detail);
  auto parsed = parse_targets(targets);
  if (!parsed)
    return usage_error("exec", parsed.error().detail);
  chosen->targets = std::move(*parsed);
  return run_exec(*chosen, std::vector<std::string>(mark + 1, arguments.end()));
}

}  // namespace kelvin
