#include "emulator/cli/option_value.hpp"
#include "emulator/cli/setting_option.hpp"
#include "emulator/function/function_variables.hpp"

#include <array>
#include <fstream>

namespace kelvin {
namespace {

constexpr unsigned environments_max = 10'000;

result<void> apply_memory(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, limits::memory_mib_min, limits::memory_mib_max, "MB");
  if (!number)
    return number.error();
  chosen.memory_mib = *number;
  return {};
}

result<void> apply_tmp_size(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, limits::ephemeral_storage_mib_min, limits::ephemeral_storage_mib_max, "MB");
  if (!number)
    return number.error();
  chosen.tmp_size_mib = *number;
  return {};
}

result<void> apply_timeout(settings& chosen, std::string_view text) {
  const auto number =
      parse_number(text, limits::function_timeout_min.count(), limits::function_timeout_max.count(), "seconds");
  if (!number)
    return number.error();
  chosen.timeout = std::chrono::seconds(*number);
  chosen.timeout_chosen = true;
  return {};
}

result<void> apply_handler(settings& chosen, std::string_view text) {
  auto handler = parse_handler(text);
  if (!handler)
    return handler.error();
  chosen.handler = std::move(*handler);
  chosen.handler_chosen = true;
  return {};
}

/// JSON by function, as `sam local --env-vars` takes it, is for templates, and read with them.
bool is_json_file(const std::string& path) {
  char first = 0;
  return static_cast<bool>(std::ifstream(path) >> first) && first == '{';
}

result<void> apply_parameter(settings& chosen, std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return fail(errc::invalid_argument, "must be NAME=value");
  chosen.parameters.insert_or_assign(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  return {};
}

result<void> apply_environment_file(settings& chosen, std::string_view text) {
  if (is_json_file(std::string(text))) {
    chosen.variable_files.emplace_back(text);
    return {};
  }
  auto variables = read_environment_file(std::string(text));
  if (!variables)
    return variables.error();
  for (auto& [name, value] : *variables)
    chosen.variables.insert_or_assign(name, std::move(value));
  chosen.environment_files.emplace_back(text);
  return {};
}

result<void> apply_variable(settings& chosen, std::string_view text) {
  auto variable = parse_variable(text);
  if (!variable)
    return variable.error();
  chosen.own_variables.insert_or_assign(variable->first, variable->second);
  chosen.variables.insert_or_assign(std::move(variable->first), std::move(variable->second));
  return {};
}

result<void> apply_layer(settings& chosen, std::string_view text) {
  if (text.empty())
    return fail(errc::invalid_argument, "must be the path of a folder or a .zip");
  if (chosen.layers.size() == limits::layers) {
    return fail(errc::invalid_argument, "Lambda takes at most " + std::to_string(limits::layers) + " layers");
  }
  chosen.layers.emplace_back(text);
  return {};
}

result<void> apply_reserved_concurrency(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 0, environments_max);
  if (!number)
    return number.error();
  chosen.reserved_concurrency = *number;
  return {};
}

result<void> apply_environments(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 1, environments_max);
  if (!number)
    return number.error();
  chosen.environments = *number;
  return {};
}

std::string print_memory(const settings& chosen) {
  return std::to_string(chosen.memory_mib.value_or(limits::memory_mib_min));
}

std::string print_tmp_size(const settings& chosen) {
  return std::to_string(chosen.tmp_size_mib.value_or(limits::ephemeral_storage_mib_min));
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all)
    text.append(text.empty() ? "" : ",").append(one);
  return text.empty() ? "none" : text;
}

/// Their values may be secrets.
std::string variable_names(const settings& chosen) {
  std::vector<std::string> names;
  for (const auto& variable : chosen.variables)
    names.push_back(variable.first);
  return names.empty() ? "none" : joined(names) + " (values not shown)";
}

/// They may be secrets too.
std::string parameter_names(const settings& chosen) {
  std::vector<std::string> names;
  for (const auto& parameter : chosen.parameters)
    names.push_back(parameter.first);
  return names.empty() ? "none" : joined(names) + " (values not shown)";
}

constexpr std::array<setting_option, 10> options = {{
    {"--parameter", "KELVIN_PARAMETER", "K=V",
     "parameter of the template, over its Default (repeatable; in KELVIN_PARAMETER one a line)", "none", '\n',
     apply_parameter, parameter_names},
    {"--memory", "KELVIN_MEMORY", "MB", "memory size, 128 to 10240; not given, overuse is only warned about", "128", 0,
     apply_memory, print_memory},
    {"--tmp-size", "KELVIN_TMP_SIZE", "MB", "size of /tmp at isolation level lambda, 512 to 10240", "512", 0,
     apply_tmp_size, print_tmp_size},
    {"--timeout", "KELVIN_TIMEOUT", "S", "function timeout in seconds, 1 to 900", "3", 0, apply_timeout,
     [](const settings& chosen) { return std::to_string(chosen.timeout.count()); }},
    {"--handler", "KELVIN_HANDLER", "H", "what the function finds in _HANDLER", "bootstrap", 0, apply_handler,
     [](const settings& chosen) { return chosen.handler; }},
    {"--env-file", "KELVIN_ENV_FILE", "F", "file of NAME=value lines for the function's environment (repeatable)",
     "none", ',', apply_environment_file, nullptr},
    {"--env", "KELVIN_ENV", "K=V",
     "environment variable of the functions, over --env-file (repeatable; in KELVIN_ENV one a line)", "none", '\n',
     apply_variable, variable_names},
    {"--layer", "KELVIN_LAYER", "PATH",
     "folder or .zip that stands for /opt, later ones over earlier ones (repeatable; in KELVIN_LAYER by commas)",
     "none", ',', apply_layer, [](const settings& chosen) { return joined(chosen.layers); }},
    {"--reserved-concurrency", "KELVIN_RESERVED_CONCURRENCY", "N",
     "invocations at once per function, more are throttled with 429", "none", 0, apply_reserved_concurrency,
     [](const settings& chosen) {
       return chosen.reserved_concurrency ? std::to_string(*chosen.reserved_concurrency) : std::string("none");
     }},
    {"--environments", "KELVIN_ENVIRONMENTS", "N", "execution environments at once per function, more invocations wait",
     "4 x cores, at least 16", 0, apply_environments,
     [](const settings& chosen) {
       return chosen.environments ? std::to_string(*chosen.environments) : std::string("4 x cores, at least 16");
     }},
}};

}  // namespace

std::span<const setting_option> function_options() {
  return options;
}

}  // namespace kelvin
