#include "emulator/cli/option_value.hpp"
#include "emulator/cli/setting_option.hpp"

#include <array>
#include <cstdio>

namespace kelvin {
namespace {

result<void> apply_retry_delays(settings& chosen, std::string_view text) {
  const auto delays = parse_retry_delays(text);
  if (!delays)
    return delays.error();
  chosen.async_retry_delays.function_error = *delays;
  return {};
}

result<void> apply_max_retries(settings& chosen, std::string_view text) {
  const auto number = parse_number(text, 0, limits::asynchronous_retries_max);
  if (!number)
    return number.error();
  chosen.event_invoke.maximum_retry_attempts = *number;
  return {};
}

result<void> apply_max_age(settings& chosen, std::string_view text) {
  constexpr auto most = std::chrono::seconds(limits::event_age_max).count();
  const auto number = parse_number(text, 1, most, "seconds");
  if (!number)
    return number.error();
  chosen.event_invoke.maximum_event_age = std::chrono::seconds(*number);
  return {};
}

result<void> apply_destination(std::optional<event_destination>& destination, std::string_view text) {
  auto parsed = parse_destination(text);
  if (!parsed)
    return parsed.error();
  destination = std::move(*parsed);
  return {};
}

result<void> apply_on_success(settings& chosen, std::string_view text) {
  return apply_destination(chosen.event_invoke.on_success, text);
}

result<void> apply_on_failure(settings& chosen, std::string_view text) {
  return apply_destination(chosen.event_invoke.on_failure, text);
}

result<void> apply_dead_letter(settings& chosen, std::string_view text) {
  return apply_destination(chosen.event_invoke.dead_letter, text);
}

std::string in_seconds(duration delay) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", std::chrono::duration<double>(delay).count());
  return text.data();
}

std::string print_retry_delays(const settings& chosen) {
  const auto& delays = chosen.async_retry_delays.function_error;
  return in_seconds(delays[0]) + "," + in_seconds(delays[1]);
}

std::string print_destination(const std::optional<event_destination>& destination) {
  if (!destination)
    return "none";
  return (destination->kind == event_destination::kind_type::function ? "function:" : "file:") + destination->name;
}

constexpr std::array<setting_option, 6> options = {{
    {"--async-retry-delays", "KELVIN_ASYNC_RETRY_DELAYS", "S,S",
     "seconds before an asynchronous invocation's first and second retry; throttles are retried in proportion",
     "60,120", 0, apply_retry_delays, print_retry_delays},
    {"--async-max-retries", "KELVIN_ASYNC_MAX_RETRIES", "N",
     "retries of an asynchronous invocation that failed, 0 to 2", "2", 0, apply_max_retries,
     [](const settings& chosen) { return std::to_string(chosen.event_invoke.retries()); }},
    {"--async-max-age", "KELVIN_ASYNC_MAX_AGE", "S",
     "seconds after which an asynchronous event is given up, 1 to 21600 (Lambda: at least 60)", "21600", 0,
     apply_max_age, [](const settings& chosen) { return std::to_string(chosen.event_invoke.age_max().count()); }},
    {"--on-success", "KELVIN_ON_SUCCESS", "DESTINATION",
     "function:NAME or file:PATH: gets a record of each asynchronous invocation that succeeded", "none", 0,
     apply_on_success, [](const settings& chosen) { return print_destination(chosen.event_invoke.on_success); }},
    {"--on-failure", "KELVIN_ON_FAILURE", "DESTINATION", "the same for each that was given up", "none", 0,
     apply_on_failure, [](const settings& chosen) { return print_destination(chosen.event_invoke.on_failure); }},
    {"--dead-letter", "KELVIN_DEAD_LETTER", "DESTINATION",
     "function:NAME or file:PATH: gets the events that were given up, as a dead-letter queue does", "none", 0,
     apply_dead_letter, [](const settings& chosen) { return print_destination(chosen.event_invoke.dead_letter); }},
}};

}  // namespace

std::span<const setting_option> asynchronous_options() {
  return options;
}

}  // namespace kelvin
