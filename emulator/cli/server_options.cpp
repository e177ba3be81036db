#include "emulator/cli/option_value.hpp"
#include "emulator/cli/setting_option.hpp"

#include <algorithm>
#include <array>

namespace kelvin {
namespace {

constexpr unsigned descriptor_max = 1'000'000;
constexpr unsigned api_timeout_max = 900;

result<void> apply_listen(settings& chosen, std::string_view text) {
  auto address = parse_listen(text);
  if (!address)
    return address.error();
  chosen.listen_host = std::move(address->host);
  chosen.listen_port = address->port;
  chosen.listen_chosen = true;
  return {};
}

result<void> apply_allow_host(settings& chosen, std::string_view text) {
  auto host = parse_host(text);
  if (!host)
    return host.error();
  chosen.allowed_hosts.push_back(std::move(*host));
  return {};
}

result<void> apply_jwks(settings& chosen, std::string_view text) {
  auto place = parse_key_set_place(text);
  if (!place)
    return place.error();
  chosen.key_sets.insert_or_assign(std::move(place->first), std::move(place->second));
  return {};
}

result<void> apply_iam(settings& chosen, std::string_view text) {
  if (text != "on" && text != "off")
    return fail(errc::invalid_argument, "must be on or off");
  chosen.checks_iam = text == "on";
  return {};
}

result<void> apply_ready_file(settings& chosen, std::string_view text) {
  if (text.empty())
    return fail(errc::invalid_argument, "must be the path of a file to write");
  chosen.ready_file = text;
  return {};
}

result<void> apply_ready_descriptor(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 1, descriptor_max, "an open file descriptor");
  if (!number)
    return number.error();
  chosen.ready_descriptor = static_cast<int>(*number);
  return {};
}

result<void> apply_api(settings& chosen, std::string_view text) {
  const auto choice = find_api_choice(text);
  if (!choice)
    return fail(errc::invalid_argument, "must be http, http-1.0, rest, alb, alb-multi, url or url-stream");
  chosen.api = *choice;
  return {};
}

result<void> apply_api_timeout(settings& chosen, std::string_view text) {
  const auto seconds = parse_number(text, 1, api_timeout_max, "a number of seconds");
  if (!seconds)
    return seconds.error();
  chosen.api_timeout = std::chrono::seconds(*seconds);
  return {};
}

result<void> apply_log_format(settings& chosen, std::string_view text) {
  if (text != "text" && text != "json")
    return fail(errc::invalid_argument, "must be text or json");
  chosen.log_format = text == "json" ? log_format::json : log_format::text;
  return {};
}

result<void> apply_application_log_level(settings& chosen, std::string_view text) {
  const auto level = parse_function_log_level(text, log_level::trace, log_level::fatal);
  if (!level)
    return level.error();
  chosen.application_log_level = *level;
  return {};
}

result<void> apply_system_log_level(settings& chosen, std::string_view text) {
  const auto level = parse_function_log_level(text, log_level::debug, log_level::warn);
  if (!level)
    return level.error();
  chosen.system_log_level = *level;
  return {};
}

result<void> apply_log_level(settings& chosen, std::string_view text) {
  const auto level = parse_log_level(text);
  if (!level)
    return level.error();
  chosen.log_level = *level;
  return {};
}

std::string print_listen(const settings& chosen) {
  const bool is_v6 = chosen.listen_host.find(':') != std::string::npos;
  return (is_v6 ? "[" + chosen.listen_host + "]" : chosen.listen_host) + ":" + std::to_string(chosen.listen_port) +
         (chosen.listen_chosen ? "" : " and [::1]:" + std::to_string(chosen.listen_port));
}

std::string print_api_timeout(const settings& chosen) {
  return chosen.api_timeout ? std::to_string(chosen.api_timeout->count())
                            : "as the route says, else 30 (HTTP API) or 29 (REST API)";
}

std::string print_allowed_hosts(const settings& chosen) {
  std::string text;
  for (const auto& host : chosen.allowed_hosts)
    text.append(text.empty() ? "" : ",").append(host);
  return text.empty() ? "none" : text;
}

std::string print_key_sets(const settings& chosen) {
  std::string text;
  for (const auto& [issuer, place] : chosen.key_sets)
    text.append(text.empty() ? "" : ",").append(issuer).append("=").append(place);
  return text.empty() ? "none" : text;
}

std::string print_function_log_level(const std::optional<log_level>& level) {
  std::string text(name_of(level.value_or(log_level::info)));
  std::transform(text.begin(), text.end(), text.begin(), [](char upper) { return static_cast<char>(upper | 0x20); });
  return text;
}

std::string print_log_level(const settings& chosen) {
  switch (chosen.log_level) {
    case notice_level::debug: return "debug";
    case notice_level::info: return "info";
    case notice_level::warning: return "warning";
    case notice_level::error: break;
  }
  return "error";
}

constexpr std::array<setting_option, 12> options = {{
    {"--listen", "KELVIN_LISTEN", "HOST:PORT", "where callers connect to; port 0: any free one",
     "127.0.0.1:9000 and [::1]:9000; exec, invoke: a free port", 0, apply_listen, print_listen},
    {"--allow-host", "KELVIN_ALLOW_HOST", "NAME",
     "Host header to take beside loopback names (repeatable; in KELVIN_ALLOW_HOST by commas)", "none", ',',
     apply_allow_host, print_allowed_hosts},
    {"--jwks", "KELVIN_JWKS", "ISSUER=PLACE",
     "URL or file of a JWT issuer's key set, instead of the one its configuration names (repeatable; in KELVIN_JWKS by "
     "commas)",
     "none", ',', apply_jwks, print_key_sets},
    {"--iam", "KELVIN_IAM", "on|off",
     "whether routes with AWS_IAM want a signature; which key made it is not looked at", "on", 0, apply_iam,
     [](const settings& chosen) { return std::string(chosen.checks_iam ? "on" : "off"); }},
    {"--ready-file", "KELVIN_READY_FILE", "F", "write one line of JSON there once callers can connect", "none", 0,
     apply_ready_file, [](const settings& chosen) { return chosen.ready_file.empty() ? "none" : chosen.ready_file; }},
    {"--ready-fd", "KELVIN_READY_FD", "N", "write the same line to this file descriptor", "none", 0,
     apply_ready_descriptor,
     [](const settings& chosen) {
       return chosen.ready_descriptor ? std::to_string(*chosen.ready_descriptor) : std::string("none");
     }},
    {"--api", "KELVIN_API", "KIND",
     "what stands before the only function where no template says: http, http-1.0 (payload format 1.0), rest, alb, "
     "alb-multi (multi-value headers), url or url-stream",
     "http", 0, apply_api, [](const settings& chosen) { return std::string(name_of(chosen.api)); }},
    {"--api-timeout", "KELVIN_API_TIMEOUT", "S", "seconds that HTTP and REST APIs wait for their functions",
     "as the route says, else 30 (HTTP API) or 29 (REST API)", 0, apply_api_timeout, print_api_timeout},
    {"--log-format", "KELVIN_LOG_FORMAT", "FORMAT", "text, or json: one object a line, as with AWS's JSON log format",
     "text", 0, apply_log_format,
     [](const settings& chosen) { return std::string(chosen.log_format == log_format::json ? "json" : "text"); }},
    {"--application-log-level", "KELVIN_APPLICATION_LOG_LEVEL", "LEVEL",
     "with --log-format json: trace, debug, info, warn, error or fatal; functions' JSON lines below it are left out",
     "info", 0, apply_application_log_level,
     [](const settings& chosen) { return print_function_log_level(chosen.application_log_level); }},
    {"--system-log-level", "KELVIN_SYSTEM_LOG_LEVEL", "LEVEL",
     "with --log-format json: debug, info or warn; the platform's lines below it are left out", "info", 0,
     apply_system_log_level, [](const settings& chosen) { return print_function_log_level(chosen.system_log_level); }},
    {"--log-level", "KELVIN_LOG_LEVEL", "LEVEL", "debug, info, warning or error", "info", 0, apply_log_level,
     print_log_level},
}};

}  // namespace

std::span<const setting_option> server_options() {
  return options;
}

}  // namespace kelvin
