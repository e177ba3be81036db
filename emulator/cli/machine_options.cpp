#include "emulator/cli/option_value.hpp"
#include "emulator/cli/setting_option.hpp"

#include <array>

namespace kelvin {
namespace {

constexpr unsigned concurrency_max = 1'000'000;
constexpr unsigned environments_max = 10'000;
constexpr unsigned idle_timeout_max_seconds = 86'400;

result<void> apply_max_concurrency(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 1, concurrency_max);
  if (!number)
    return number.error();
  chosen.max_concurrency = *number;
  return {};
}

result<void> apply_environments_total(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 1, environments_max);
  if (!number)
    return number.error();
  chosen.environments_total = *number;
  return {};
}

result<void> apply_idle_timeout(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 1, idle_timeout_max_seconds, "seconds");
  if (!number)
    return number.error();
  chosen.idle_timeout = std::chrono::seconds(*number);
  return {};
}

result<void> apply_isolation(settings& chosen, std::string_view text) {
  if (text != "host" && text != "lambda")
    return fail(errc::invalid_argument, "must be host or lambda");
  chosen.isolation = text == "host" ? isolation_level::host : isolation_level::lambda;
  return {};
}

result<void> apply_cpu(settings& chosen, std::string_view text) {
  if (text != "host" && text != "lambda")
    return fail(errc::invalid_argument, "must be host or lambda");
  chosen.cpu = text == "host" ? cpu_level::host : cpu_level::lambda;
  return {};
}

result<void> apply_freeze(settings& chosen, std::string_view text) {
  chosen.freeze = text == "true";
  return {};
}

result<void> apply_region(settings& chosen, std::string_view text) {
  auto region = parse_region(text);
  if (!region)
    return region.error();
  chosen.region = std::move(*region);
  return {};
}

result<void> apply_account_id(settings& chosen, std::string_view text) {
  auto account_id = parse_account_id(text);
  if (!account_id)
    return account_id.error();
  chosen.account_id = std::move(*account_id);
  return {};
}

result<void> apply_credentials(settings& chosen, std::string_view text) {
  auto choice = parse_credentials(text);
  if (!choice)
    return choice.error();
  chosen.credentials = choice->source;
  chosen.profile = std::move(choice->profile);
  return {};
}

result<void> apply_no_endpoint(settings& chosen, std::string_view text) {
  chosen.endpoint = text != "true";
  return {};
}

std::string print_credentials(const settings& chosen) {
  switch (chosen.credentials) {
    case credentials_source::dummy: return "dummy";
    case credentials_source::environment: return "environment";
    case credentials_source::profile: break;
  }
  return "profile:" + chosen.profile;
}

std::string print_isolation(const settings& chosen) {
  return chosen.isolation ? std::string(name_of(*chosen.isolation)) : "lambda where the machine lets it, else host";
}

std::string print_cpu(const settings& chosen) {
  return chosen.cpu == cpu_level::host ? "host" : "lambda";
}

constexpr std::array<setting_option, 10> options = {{
    {"--max-concurrency", "KELVIN_MAX_CONCURRENCY", "N",
     "invocations at once in the account, more are throttled with "
     "429",
     "1000", 0, apply_max_concurrency, [](const settings& chosen) { return std::to_string(chosen.max_concurrency); }},
    {"--environments-total", "KELVIN_ENVIRONMENTS_TOTAL", "N", "execution environments at once on this machine",
     "16 x cores", 0, apply_environments_total,
     [](const settings& chosen) {
       return chosen.environments_total ? std::to_string(*chosen.environments_total) : std::string("16 x cores");
     }},
    {"--idle-timeout", "KELVIN_IDLE_TIMEOUT", "S", "seconds after which an idle environment ends", "600", 0,
     apply_idle_timeout, [](const settings& chosen) { return std::to_string(chosen.idle_timeout.count()); }},
    {"--isolation", "KELVIN_ISOLATION", "LEVEL",
     "lambda: /var/task, /opt and /tmp as on AWS, all else read-only; host: a process like any other",
     "lambda where the machine lets it, else host", 0, apply_isolation, print_isolation},
    {"--cpu", "KELVIN_CPU", "LEVEL",
     "lambda: an invocation gets its memory's share of CPU, as on AWS; host: as much as there is", "host", 0, apply_cpu,
     print_cpu},
    {"--freeze", "KELVIN_FREEZE", "", "stop an environment's processes while it has no invocation, as on AWS", "off", 0,
     apply_freeze, [](const settings& chosen) { return std::string(chosen.freeze ? "on" : "off"); }},
    {"--region", "KELVIN_REGION", "NAME", "region that functions see", "us-east-1", 0, apply_region,
     [](const settings& chosen) { return chosen.region; }},
    {"--account-id", "KELVIN_ACCOUNT_ID", "ID", "account in ARNs, 12 digits", "123456789012", 0, apply_account_id,
     [](const settings& chosen) { return chosen.account_id; }},
    {"--credentials", "KELVIN_CREDENTIALS", "SOURCE", "what functions get: dummy, environment or profile:NAME", "dummy",
     0, apply_credentials, print_credentials},
    {"--no-endpoint", "KELVIN_NO_ENDPOINT", "", "leave AWS_ENDPOINT_URL_LAMBDA out of functions' environments", "off",
     0, apply_no_endpoint, [](const settings& chosen) { return std::string(chosen.endpoint ? "off" : "on"); }},
}};

}  // namespace

std::span<const setting_option> machine_options() {
  return options;
}

}  // namespace kelvin
