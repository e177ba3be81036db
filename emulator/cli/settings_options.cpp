#include "emulator/cli/settings_options.hpp"

#include "emulator/cli/option_value.hpp"
#include "emulator/function/function_variables.hpp"

#include <unistd.h>
#include <CLI/App.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace kelvin {
namespace {

/// What commands read beside the shared options, and what `kelvin exec` sets for its command.
constexpr std::array<const char*, 7> other_variables = {"KELVIN_ENDPOINT", "KELVIN_TARGET",         "KELVIN_DATA",
                                                        "KELVIN_FILE",     "KELVIN_CLIENT_CONTEXT", "KELVIN_URL",
                                                        "KELVIN_QUALIFIER"};

bool is_option_variable(std::string_view name) {
  for (const auto& group : {function_options(), asynchronous_options(), machine_options(), debug_options(),
                            server_options(), watch_options()}) {
    const auto is_it = [&](const setting_option& option) { return name == option.variable; };
    if (std::any_of(group.begin(), group.end(), is_it))
      return true;
  }
  return std::find(other_variables.begin(), other_variables.end(), name) != other_variables.end();
}

bool is_flag(const setting_option& option) noexcept {
  return option.value_name[0] == '\0';
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = separator == 0 ? text.size() : std::min(text.find(separator, begin), text.size());
    if (end > begin)
      parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

result<void> apply_flag(const setting_option& option, settings& chosen, std::string_view text) {
  for (const char* yes : {"1", "true", "yes", "on"}) {
    if (text == yes)
      return option.apply(chosen, "true");
  }
  for (const char* no : {"0", "false", "no", "off"}) {
    if (text == no)
      return option.apply(chosen, "false");
  }
  return fail(errc::invalid_argument, "must be true or false");
}

/// How a message calls what was given. Variables' values may be secrets.
std::string called(const setting_option& option, bool on_command_line, const std::string& value) {
  const bool is_secret = std::strcmp(option.name, "--env") == 0 || std::strcmp(option.name, "--parameter") == 0;
  const std::string shown = is_secret ? "" : value;
  return on_command_line ? option.name + (shown.empty() ? "" : " " + shown)
                         : option.variable + (shown.empty() ? "" : "=" + shown);
}

}  // namespace

settings_options::settings_options(option_scope scope) {
  for (const auto& group :
       {function_options(), asynchronous_options(), machine_options(), debug_options(), server_options()}) {
    for (const auto& option : group)
      entries_.push_back({&option, {}});
  }
  if (scope == option_scope::watching) {
    for (const auto& option : watch_options())
      entries_.push_back({&option, {}});
  }
}

void settings_options::add_to(CLI::App& app) {
  for (auto& entry : entries_) {
    const auto& option = *entry.option;
    const auto text = described(option.help, option.variable, option.default_text);
    if (is_flag(option)) {
      app.add_flag_callback(
          option.name, [&entry] { entry.given = {"true"}; }, text);
      continue;
    }
    app.add_option(option.name, entry.given, text)
        ->option_text(option.value_name)
        ->type_name(option.value_name)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

std::vector<std::string> settings_options::given_option::values() const {
  auto all = given;
  if (all.empty()) {
    if (const char* text = environment_variable(option->variable))
      all = split(text, option->separator);
  }
  if (option->separator == 0 && all.size() > 1)
    all.erase(all.begin(), all.end() - 1);
  return all;
}

std::string settings_options::given_option::origin() const {
  if (!given.empty())
    return "command line";
  if (environment_variable(option->variable) == nullptr)
    return "default";
  return "environment variable " + std::string(option->variable);
}

result<settings> settings_options::read() const {
  settings chosen;
  for (const auto& entry : entries_) {
    for (const auto& value : entry.values()) {
      auto applied =
          is_flag(*entry.option) ? apply_flag(*entry.option, chosen, value) : entry.option->apply(chosen, value);
      if (applied)
        continue;
      return fail(applied.error().code,
                  called(*entry.option, !entry.given.empty(), value) + ": " + applied.error().detail);
    }
  }
  if (auto valid = check_variables(chosen.variables); !valid)
    return valid.error();
  const bool has_debug_option = std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) {
    return std::string_view(entry.option->name).starts_with("--debug-") && !entry.given.empty();
  });
  if (has_debug_option && chosen.debug.empty())
    return fail(errc::invalid_argument, "--debug-with and --debug-port need --debug FUNCTION");
  const bool has_level = chosen.application_log_level || chosen.system_log_level;
  if (has_level && chosen.log_format != log_format::json) {
    return fail(errc::invalid_argument,
                "--application-log-level and --system-log-level need --log-format json: in text "
                "format Lambda leaves no line out");
  }
  if (!chosen.builds && !chosen.build_command.empty())
    return fail(errc::invalid_argument, "--build and --no-build contradict each other; leave one out");
  return chosen;
}

std::vector<settings_options::effective_value> settings_options::effective_values(const settings& read) const {
  std::vector<effective_value> all;
  for (const auto& entry : entries_) {
    std::string value;
    if (entry.option->print != nullptr) {
      value = entry.option->print(read);
    } else {
      for (const auto& text : entry.values())
        value.append(value.empty() ? "" : ",").append(text);
      if (value.empty())
        value = entry.option->default_text;
    }
    all.push_back({entry.option->name + 2, std::move(value), entry.origin()});
  }
  return all;
}

const char* settings_options::first_on_command_line() const noexcept {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [](const auto& entry) { return !entry.given.empty(); });
  return found == entries_.end() ? nullptr : found->option->name;
}

std::string described(std::string_view help, std::string_view variable, std::string_view default_text) {
  std::string text(help);
  text.append(" [").append(variable);
  if (!default_text.empty())
    text.append(", default: ").append(default_text);
  return text.append("]");
}

result<std::vector<target_argument>> parse_targets(const std::vector<std::string>& texts) {
  std::vector<target_argument> targets;
  for (const auto& text : texts) {
    auto parsed = parse_target(text);
    if (!parsed)
      return fail(parsed.error().code, "TARGET `" + text + "`: " + parsed.error().detail);
    targets.push_back(std::move(*parsed));
  }
  return targets;
}

const char* environment_variable(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value != nullptr && value[0] != '\0' ? value : nullptr;
}

std::vector<std::string> unknown_variables() {
  std::vector<std::string> unknown;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const auto name = text.substr(0, text.find('='));
    if (name.starts_with("KELVIN_") && !is_option_variable(name))
      unknown.emplace_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

}  // namespace kelvin
