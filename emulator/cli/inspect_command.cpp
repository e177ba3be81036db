#include "emulator/app/application.hpp"
#include "emulator/app/load_functions.hpp"
#include "emulator/cli/command.hpp"
#include "emulator/cli/settings_options.hpp"
#include "emulator/function/elf_header.hpp"
#include "emulator/inspect/report.hpp"

#include <elf.h>
#include <CLI/App.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace kelvin {
namespace {

using inspection::code_request;

constexpr const char* default_runtime = "provided.al2023";

struct inspect_arguments {
  std::string target;
  std::string runtime;       ///< empty: the template's, else default_runtime
  std::string architecture;  ///< empty: the template's, else this machine's
  std::vector<std::string> layers;
  bool json = false;
};

struct inspect_plan {
  std::vector<code_request> wanted;
  std::vector<inspection::left_out_code> left_out;
};

std::uint16_t machine_of(const std::string& architecture) {
  return architecture == "arm64" ? EM_AARCH64 : EM_X86_64;
}

/// A template's function; nothing, and a reason, if its code is none that could be looked at.
void plan_function(const templates::function_description& function, const inspect_arguments& given,
                   inspect_plan& plan) {
  const std::string runtime = !given.runtime.empty()     ? given.runtime
                              : function.runtime.empty() ? default_runtime
                                                         : function.runtime;
  const inspection::lambda_system* system = inspection::find_system(runtime);
  std::string reason;
  if (!function.code) {
    reason = "its code is not on this machine";
  } else if (system == nullptr) {
    reason = "its runtime is " + runtime + ", and what is looked at is provided.al2 and provided.al2023";
  }
  if (!reason.empty()) {
    plan.left_out.push_back({function.logical_id, function.origin + ": " + reason});
    return;
  }
  code_request request{function.logical_id,
                       function.code->path,
                       {},
                       system,
                       machine_of(given.architecture.empty() ? function.architecture : given.architecture)};
  for (const auto& layer : function.layers) {
    request.layers.push_back(layer.path);
  }
  plan.wanted.push_back(std::move(request));
}

result<inspect_plan> make_plan(const inspect_arguments& given) {
  settings chosen;
  if (!given.target.empty()) {
    auto parsed = parse_targets({given.target});
    if (!parsed) {
      return parsed.error();
    }
    chosen.targets = std::move(*parsed);
  }
  auto described = describe_targets(chosen);
  if (!described) {
    return described.error();
  }
  std::error_code error;
  if (described->all.empty() && std::filesystem::exists("bootstrap", error)) {
    described->all.push_back({{"", "bootstrap"}, std::nullopt});
  }
  inspect_plan plan;
  for (const described_target& each : described->all) {
    if (each.described) {
      for (const auto& function : each.described->functions) {
        plan_function(function, given, plan);
      }
      continue;
    }
    const std::string runtime = given.runtime.empty() ? default_runtime : given.runtime;
    plan.wanted.push_back({each.plain.name, each.plain.path, given.layers, inspection::find_system(runtime),
                           given.architecture.empty() ? this_machine() : machine_of(given.architecture)});
  }
  if (described->all.empty()) {
    return fail(errc::not_found,
                "no target was given, and this folder holds neither a template nor bootstrap; name a bootstrap file, a "
                "folder, a .zip or a "
                "template, for example: kelvin inspect ./build/bootstrap");
  }
  return plan;
}

/// What could not be looked at is told apart from what would fail on AWS.
int failed(const failure& what) {
  std::fprintf(stderr, "kelvin: error: %s\n", what.detail.c_str());
  return what.code == errc::system_failure ? exit_code::own_failure : exit_code::usage;
}

const char* valued(const std::string& value, std::initializer_list<const char*> choices) {
  const bool is_one =
      value.empty() || std::any_of(choices.begin(), choices.end(), [&](const char* each) { return value == each; });
  return is_one ? nullptr : value.c_str();
}

}  // namespace

int inspect_command(command_arguments arguments) {
  CLI::App app(
      "Look at what would be uploaded, without running it: what would fail on AWS, what costs start-up time or size,\n"
      "and what it is made of. Exits with 0, with 1 if something would fail on AWS, with 2 if it cannot be looked at.",
      "inspect");
  inspect_arguments given;
  app.add_option("TARGET", given.target, "a bootstrap file, a folder or .zip holding one, or a template")
      ->option_text(" ");
  app.add_option("--runtime", given.runtime,
                 "the operating system it is for (default: the template's, else provided.al2023)")
      ->option_text("provided.al2|provided.al2023");
  app.add_option("--architecture", given.architecture, "(default: the template's, else this machine's)")
      ->option_text("x86_64|arm64");
  app.add_option("--layer", given.layers, "folder or .zip of a layer, in order, where no template says them")
      ->option_text("PATH")
      ->expected(1)
      ->take_all();
  app.add_flag("--json", given.json, "print a document for programs (docs/inspect.md)");
  if (const auto code = parse_arguments(app, "[OPTION...] [TARGET]", arguments)) {
    return *code;
  }
  if (const char* wrong = valued(given.runtime, {"provided.al2", "provided.al2023"})) {
    return usage_error("inspect", std::string("--runtime ") + wrong + ": it must be provided.al2 or provided.al2023");
  }
  if (const char* wrong = valued(given.architecture, {"x86_64", "arm64"})) {
    return usage_error("inspect", std::string("--architecture ") + wrong + ": it must be x86_64 or arm64");
  }
  auto plan = make_plan(given);
  if (!plan) {
    return failed(plan.error());
  }
  std::vector<inspection::inspected_code> all;
  bool fails = false;
  for (const code_request& each : plan->wanted) {
    auto code = inspection::gather_code_facts(each);
    if (!code) {
      return failed(each.name.empty() ? code.error()
                                      : fail(code.error().code, "function " + each.name + ": " + code.error().detail));
    }
    auto found = inspection::findings_of(*code, *each.system, each.machine);
    fails = fails || inspection::any_fails(found);
    all.push_back({each.name, each.system, each.machine, std::move(*code), std::move(found)});
  }
  const std::string text = given.json ? report_json(all, plan->left_out) : report_text(all, plan->left_out);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return fails ? exit_code::function_error : exit_code::success;
}

}  // namespace kelvin
