#include "emulator/app/application.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/doctor.hpp"
#include "emulator/cli/option_value.hpp"
#include "emulator/cli/settings_options.hpp"

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdio>

namespace kelvin {
namespace {

const char* label(enum finding::level level) {
  switch (level) {
    case finding::level::ok: return "ok  ";
    case finding::level::warn: return "warn";
    case finding::level::fail: break;
  }
  return "fail";
}

}  // namespace

int doctor_command(command_arguments arguments) {
  CLI::App app(
      "Check what this machine can do. A warning names something that kelvin does without;\n"
      "a failure, something it needs. Exits with 3 if anything fails.",
      "doctor");
  std::string listen;
  app.add_option("--listen", listen, described("the address to check", "KELVIN_LISTEN", "127.0.0.1:9000"))
      ->option_text("HOST:PORT");
  if (const auto code = parse_arguments(app, "[OPTION...]", arguments))
    return *code;
  if (listen.empty()) {
    const char* variable = environment_variable("KELVIN_LISTEN");
    listen = variable != nullptr ? variable : "127.0.0.1:9000";
  }
  const auto address = parse_listen(listen);
  if (!address)
    return usage_error("doctor", "--listen " + listen + ": " + address.error().detail);

  findings found;
  check_machine(found);
  check_network(found, address->port);
  check_isolation(found);
  check_limits(found);
  for (const auto& each : found.all()) {
    std::printf("%s  %s\n", label(each.level), each.text.c_str());
    if (!each.advice.empty())
      std::printf("      -> %s\n", each.advice.c_str());
  }
  const bool failed = std::any_of(found.all().begin(), found.all().end(),
                                  [](const finding& each) { return each.level == finding::level::fail; });
  return failed ? exit_code::own_failure : exit_code::success;
}

}  // namespace kelvin
