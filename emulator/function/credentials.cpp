#include "emulator/function/credentials.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>
#include <utility>

namespace kelvin {
namespace {

using values = account_configuration::credentials_values;
using section = std::map<std::string, std::string>;
using sections = std::map<std::string, section>;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// A missing file has no sections, as for the AWS CLI.
result<sections> read_sections(const std::string& path) {
  sections all;
  std::ifstream file(path);
  section* current = nullptr;
  std::string line;
  for (unsigned number = 1; std::getline(file, line); ++number) {
    const std::string_view text = trimmed(line);
    const bool is_nested = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (text.empty() || text.front() == '#' || text.front() == ';' || is_nested)
      continue;
    const auto malformed = [&](const char* what) {
      return fail(errc::invalid_argument, path + ":" + std::to_string(number) + ": " + what);
    };
    if (text.front() == '[') {
      const auto end = text.find(']');
      if (end == std::string_view::npos)
        return malformed("the section's closing ] is missing");
      current = &all[std::string(trimmed(text.substr(1, end - 1)))];
      continue;
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
      return malformed("expected `name = value` or `[section]`");
    if (current == nullptr)
      return malformed("a value stands before the first [section]");
    current->insert_or_assign(std::string(trimmed(text.substr(0, equals))),
                              std::string(trimmed(text.substr(equals + 1))));
  }
  return all;
}

result<std::string> shared_file(const char* variable_name, const char* name) {
  if (auto chosen = variable(variable_name); !chosen.empty())
    return chosen;
  const auto home = variable("HOME");
  if (home.empty()) {
    return fail(errc::not_found,
                std::string("cannot tell where ~/.aws/") + name + " is: HOME is not set; set it or " + variable_name);
  }
  return home + "/.aws/" + name;
}

/// Settings that make a profile anything but static keys. The AWS CLI looks at them in this order,
/// all but the last two before static keys.
struct other_source {
  const char* setting;
  const char* meaning;
  bool yields_to_keys;
};
constexpr std::array<other_source, 6> other_sources = {{
    {"role_arn", "assumes a role", false},
    {"sso_session", "signs in through IAM Identity Center (SSO)", false},
    {"sso_start_url", "signs in through IAM Identity Center (SSO)", false},
    {"web_identity_token_file", "uses a web identity", false},
    {"login_session", "uses a console login", true},
    {"credential_process", "runs a credential process", true},
}};

failure unsupported_source(const std::string& profile, const other_source& source) {
  return fail(errc::unsupported,
              "--credentials profile:" + profile + ": the profile " + source.meaning + " (" + source.setting +
                  "), which is not in this version; run `eval \"$(aws configure export-credentials --profile " +
                  profile + " --format env)\"` and use --credentials environment");
}

std::optional<values> static_keys(const section& from) {
  const auto key = from.find("aws_access_key_id");
  const auto secret = from.find("aws_secret_access_key");
  if (key == from.end() || secret == from.end() || key->second.empty() || secret->second.empty())
    return std::nullopt;
  const auto token = from.find("aws_session_token");
  return values{key->second, secret->second, token == from.end() ? std::string() : token->second};
}

}  // namespace

values dummy_credentials() {
  return {"defaultkey", "defaultsecret", "defaulttoken"};
}

result<values> environment_credentials() {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}) {
    if (variable(name).empty()) {
      return fail(errc::not_found, std::string("--credentials environment: ") + name +
                                       " is not set; set it, or use --credentials dummy or profile:NAME");
    }
  }
  return values{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN")};
}

result<values> profile_credentials(const std::string& profile) {
  const auto credentials_path = shared_file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
  if (!credentials_path)
    return credentials_path.error();
  const auto config_path = shared_file("AWS_CONFIG_FILE", "config");
  if (!config_path)
    return config_path.error();
  const auto credentials = read_sections(*credentials_path);
  if (!credentials)
    return credentials.error();
  const auto config = read_sections(*config_path);
  if (!config)
    return config.error();

  const auto keys_section = credentials->find(profile);
  auto config_section = config->find("profile " + profile);
  if (config_section == config->end() && profile == "default")
    config_section = config->find(profile);
  const bool has_keys = keys_section != credentials->end();
  const bool has_config = config_section != config->end();
  const std::string looked_at = *credentials_path + " and " + *config_path;
  if (!has_keys && !has_config) {
    return fail(errc::not_found, "--credentials profile:" + profile + ": there is no such profile in " + looked_at);
  }
  const auto keys = has_keys ? static_keys(keys_section->second) : std::nullopt;
  for (const auto& source : other_sources) {
    const bool named = (has_keys && keys_section->second.contains(source.setting)) ||
                       (has_config && config_section->second.contains(source.setting));
    if (named && !(keys && source.yields_to_keys))
      return unsupported_source(profile, source);
  }
  if (keys)
    return *keys;
  if (has_config) {
    if (const auto config_keys = static_keys(config_section->second))
      return *config_keys;
  }
  return fail(errc::not_found, "--credentials profile:" + profile +
                                   ": the profile has no aws_access_key_id and aws_secret_access_key; looked in " +
                                   looked_at);
}

}  // namespace kelvin
