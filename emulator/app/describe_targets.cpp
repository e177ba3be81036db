#include "emulator/app/build_plan.hpp"
#include "emulator/app/load_functions.hpp"

#include "emulator/template/describe_template.hpp"
#include "emulator/template/read_document.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

result<std::string> read_text(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return fail(errc::invalid_argument, path + " is a folder, where a file is needed");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(errno == EACCES ? errc::permission_denied : errc::not_found,
                "cannot read " + path + ": " + std::strerror(errno));
  }
  // A byte more than is taken, so that the reader sees what is too long.
  std::string text(templates::document_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::map<std::string, std::string> shell_variables() {
  std::map<std::string, std::string> all;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return all;
}

/// `{"Parameters": {"K": "V"}, "FUNCTION": {"K": "V"}}`, later files over earlier ones.
result<void> read_variable_file(const std::string& path, templates::variable_overrides& into) {
  const auto text = read_text(path);
  if (!text) {
    return text.error();
  }
  const auto document = templates::read_document(*text, path);
  if (!document) {
    return fail(document.error().code, "--env-file " + document.error().detail);
  }
  for (const auto& function : document->members) {
    for (const auto& variable : function.value.members) {
      if (!variable.value.is_scalar()) {
        return fail(errc::invalid_argument, "--env-file " + path + ":" + std::to_string(variable.at.line) + ": " +
                                                variable.name + " must be a text");
      }
      into.files[function.name].insert_or_assign(variable.name, variable.value.text);
    }
    if (!function.value.is_map()) {
      return fail(errc::invalid_argument, "--env-file " + path + ":" + std::to_string(function.at.line) +
                                              ": expected {\"FUNCTION\": {\"NAME\": \"value\"}}; " + function.name +
                                              " has no map of variables");
    }
  }
  return {};
}

/// `read` gets the files that were read.
result<templates::template_options> template_options_of(const settings& chosen, std::vector<std::string>& read) {
  templates::template_options options;
  options.facts = {chosen.parameters, chosen.region, chosen.account_id};
  options.variables.shell = shell_variables();
  options.variables.options = chosen.variables;
  options.files = [&read](const std::string& path) {
    read.push_back(path);
    return read_text(path);
  };
  for (const std::string& path : chosen.variable_files) {
    read.push_back(path);
    if (const auto taken = read_variable_file(path, options.variables); !taken) {
      return taken.error();
    }
  }
  return options;
}

/// A folder that holds no bootstrap may hold a template.
std::string template_of(const target_argument& given) {
  std::error_code error;
  if (!given.name.empty()) {
    return {};
  }
  if (!fs::is_directory(given.path, error)) {
    return is_template(given.path) ? given.path : std::string();
  }
  return fs::exists(given.path + "/bootstrap", error) ? std::string() : template_in(given.path, true);
}

std::string newer_source(const std::string& file) {
  constexpr std::string_view built = ".aws-sam/build/template.yaml";
  std::error_code error;
  if (!file.ends_with(built)) {
    return {};
  }
  const std::string source =
      template_in(file.size() == built.size() ? "." : file.substr(0, file.size() - built.size() - 1), false);
  const bool newer = !source.empty() && fs::last_write_time(source, error) > fs::last_write_time(file, error);
  return newer && !error ? source : std::string();
}

/// Where functions are built by kelvin, they run from where their BuildMethod puts them, as after sam build.
void serve_what_is_built(templates::project& project) {
  const auto files = machine_files();
  for (auto& function : project.functions) {
    if (std::string built = code_after_build(project, function, files); !built.empty()) {
      function.code->path = std::move(built);
    }
  }
}

const char* option_that_templates_decide(const settings& chosen) {
  return chosen.memory_mib             ? "--memory"
         : chosen.tmp_size_mib         ? "--tmp-size"
         : chosen.timeout_chosen       ? "--timeout"
         : chosen.handler_chosen       ? "--handler"
         : !chosen.layers.empty()      ? "--layer"
         : chosen.reserved_concurrency ? "--reserved-concurrency"
                                       : nullptr;
}

/// An option without anything it could concern is a mistake, not something to pass over.
result<void> check_options(const settings& chosen, bool any_template, bool any_plain) {
  const char* decided = option_that_templates_decide(chosen);
  if (any_template && !any_plain && decided != nullptr) {
    return fail(errc::invalid_argument, std::string(decided) + " is for functions that no template describes: change " +
                                            "the template, or give it a parameter and use --parameter");
  }
  if (!any_template && !chosen.parameters.empty()) {
    return fail(errc::invalid_argument, "--parameter needs a template, and no TARGET is one");
  }
  if (!any_template && !chosen.variable_files.empty()) {
    return fail(errc::invalid_argument, "--env-file " + chosen.variable_files.front() +
                                            " is JSON, by function, which needs a template: write NAME=value lines");
  }
  return {};
}

}  // namespace

result<described_targets> describe_targets(const settings& chosen) {
  std::vector<target_argument> given = chosen.targets;
  if (given.empty()) {
    if (auto found = template_in(".", true); !found.empty()) {
      given.push_back({"", std::move(found)});
    }
  }
  described_targets made;
  made.memory_chosen = chosen.memory_mib.has_value();
  std::vector<std::string> files;
  bool any_plain = given.empty();
  for (const target_argument& each : given) {
    files.push_back(template_of(each));
    any_plain = any_plain || files.back().empty();
  }
  const bool any_template = std::any_of(files.begin(), files.end(), [](const auto& file) { return !file.empty(); });
  if (const auto good = check_options(chosen, any_template, any_plain); !good) {
    return good.error();
  }
  const auto options = any_template ? template_options_of(chosen, made.files) : result<templates::template_options>({});
  if (!options) {
    return options.error();
  }
  for (std::size_t at = 0; at < given.size(); ++at) {
    described_target each{{given[at].name, given[at].path}, std::nullopt};
    if (!files[at].empty()) {
      made.files.push_back(files[at]);
      const auto text = read_text(files[at]);
      if (!text) {
        return text.error();
      }
      auto project = templates::describe_template(*text, files[at], *options);
      if (!project) {
        return project.error();
      }
      if (const std::string source = newer_source(files[at]); !source.empty()) {
        project->warnings.push_back(files[at] + " is older than " + source + ": run `sam build` again");
      }
      if (chosen.watches && chosen.builds && chosen.build_command.empty()) {
        serve_what_is_built(*project);
      }
      for (const auto& function : project->functions) {
        made.memory_chosen = made.memory_chosen || function.memory_mib.has_value();
      }
      each.described = std::move(*project);
    }
    made.all.push_back(std::move(each));
  }
  return made;
}

}  // namespace kelvin
