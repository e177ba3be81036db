#include "emulator/cli/option_value.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace kelvin {
namespace {

constexpr std::size_t handler_characters = 128;
constexpr std::size_t region_characters = 64;
constexpr std::size_t host_characters = 253;
constexpr double retry_delay_seconds_max = 21'600;

failure bad(std::string detail) {
  return fail(errc::invalid_argument, std::move(detail));
}

bool is_digit(char letter) noexcept {
  return letter >= '0' && letter <= '9';
}
bool is_lower(char letter) noexcept {
  return letter >= 'a' && letter <= 'z';
}

bool is_address(const std::string& text, int family) {
  std::array<unsigned char, sizeof(in6_addr)> bytes;
  return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

}  // namespace

result<unsigned> parse_number(std::string_view text, unsigned least, unsigned greatest, std::string_view unit) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= least && number <= greatest)
    return number;
  return bad("must be a whole number from " + std::to_string(least) + " to " + std::to_string(greatest) +
             (unit.empty() ? "" : " (" + std::string(unit) + ")"));
}

result<target_argument> parse_target(std::string_view text) {
  if (text.empty())
    return bad("a target cannot be empty; name a bootstrap file, a folder or a .zip");
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || text.substr(0, equals).find('/') != std::string_view::npos) {
    return target_argument{{}, std::string(text)};
  }
  if (equals == 0 || equals + 1 == text.size()) {
    return bad("must be NAME=PATH or PATH (a path with `=` begins with ./)");
  }
  return target_argument{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

result<listen_address> parse_listen(std::string_view text) {
  constexpr const char* form =
      "must be HOST:PORT, where HOST is an IP address or localhost ([::1]:9000 for IPv6) and "
      "PORT is 0 (any free one) to 65535";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return bad(form);
  const auto port = parse_number(text.substr(colon + 1), 0, 65535);
  if (!port)
    return bad(form);
  std::string host(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (!is_address(host, AF_INET6))
      return bad(form);
  } else if (host != "localhost" && !is_address(host, AF_INET)) {
    return bad(form);
  }
  return listen_address{std::move(host), static_cast<std::uint16_t>(*port)};
}

result<kelvin_address> parse_endpoint(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  constexpr const char* form = "must be http://HOST:PORT, where HOST is an IP address or localhost";
  if (url.starts_with("https://")) {
    return fail(errc::unsupported, "https is not in this version; it " + std::string(form));
  }
  if (!url.starts_with(scheme))
    return bad(form);
  std::string place(url.substr(scheme.size()));
  if (place.ends_with('/'))
    place.pop_back();
  const auto bracket = place.rfind(']');
  const bool has_port = place.find(':', bracket == std::string::npos ? 0 : bracket) != std::string::npos;
  auto address = parse_listen(has_port ? place : place + ":80");
  if (!address || address->port == 0)
    return bad(form);
  return kelvin_address{std::move(address->host), address->port};
}

result<std::pair<std::string, std::string>> parse_variable(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return bad("must be NAME=value; no variable is taken over from the shell");
  }
  return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

result<credentials_choice> parse_credentials(std::string_view text) {
  constexpr std::string_view profile = "profile:";
  if (text == "dummy")
    return credentials_choice{credentials_source::dummy, {}};
  if (text == "environment")
    return credentials_choice{credentials_source::environment, {}};
  if (text.starts_with(profile) && text.size() > profile.size()) {
    return credentials_choice{credentials_source::profile, std::string(text.substr(profile.size()))};
  }
  return bad("must be dummy, environment or profile:NAME");
}

result<notice_level> parse_log_level(std::string_view text) {
  if (text == "debug")
    return notice_level::debug;
  if (text == "info")
    return notice_level::info;
  if (text == "warning")
    return notice_level::warning;
  if (text == "error")
    return notice_level::error;
  return bad("must be debug, info, warning or error");
}

result<log_level> parse_function_log_level(std::string_view text, log_level least, log_level greatest) {
  std::string names;
  for (int number = static_cast<int>(least); number <= static_cast<int>(greatest); ++number) {
    const auto level = static_cast<log_level>(number);
    const std::string_view upper = name_of(level);
    std::string lower(upper);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char each) { return static_cast<char>(each | 0x20); });
    if (text == upper || text == lower)
      return level;
    names.append(level == least ? "" : level == greatest ? " or " : ", ").append(lower);
  }
  return bad("must be " + names);
}

result<event_destination> parse_destination(std::string_view text) {
  constexpr std::string_view function = "function:", file = "file:";
  if (text.starts_with(function) && text.size() > function.size()) {
    return event_destination{event_destination::kind_type::function, std::string(text.substr(function.size()))};
  }
  if (text.starts_with(file) && text.size() > file.size()) {
    return event_destination{event_destination::kind_type::file, std::string(text.substr(file.size()))};
  }
  return bad("must be function:NAME or file:PATH");
}

result<std::array<duration, 2>> parse_retry_delays(std::string_view text) {
  const auto parse = [](std::string_view number) -> std::optional<duration> {
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), seconds, std::chars_format::fixed);
    const bool whole = error == std::errc() && end == number.data() + number.size();
    if (!whole || !(seconds >= 0) || seconds > retry_delay_seconds_max)
      return std::nullopt;
    return std::chrono::round<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
  };
  const auto comma = text.find(',');
  const auto first = parse(text.substr(0, comma));
  const auto second = comma == std::string_view::npos ? first : parse(text.substr(comma + 1));
  if (!first || !second)
    return bad("must be one or two numbers of seconds, 0 to 21600, such as 60,120 or 0.5");
  return std::array<duration, 2>{*first, *second};
}

result<std::string> parse_region(std::string_view text) {
  const bool valid = !text.empty() && text.size() <= region_characters && is_lower(text.front()) &&
                     std::all_of(text.begin(), text.end(),
                                 [](char letter) { return is_lower(letter) || is_digit(letter) || letter == '-'; });
  if (!valid)
    return bad("must be a region's name such as us-east-1");
  return std::string(text);
}

result<std::string> parse_account_id(std::string_view text) {
  if (text.size() != 12 || !std::all_of(text.begin(), text.end(), is_digit))
    return bad("must be 12 digits");
  return std::string(text);
}

result<std::string> parse_host(std::string_view text) {
  const bool valid =
      !text.empty() && text.size() <= host_characters && std::all_of(text.begin(), text.end(), [](char letter) {
        return is_lower(letter) || (letter >= 'A' && letter <= 'Z') || is_digit(letter) ||
               std::string_view("-._:[]").find(letter) != std::string_view::npos;
      });
  if (!valid)
    return bad("must be a host's name or address, without http:// and without a path");
  return std::string(text);
}

result<std::pair<std::string, std::string>> parse_key_set_place(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view issuer = text.substr(0, equals);
  const bool url = issuer.starts_with("https://") || issuer.starts_with("http://");
  if (equals == std::string_view::npos || !url || equals + 1 == text.size())
    return bad("must be ISSUER=URL or ISSUER=FILE, the issuer as the authorizer has it, e.g. https://issuer.example");
  return std::pair(std::string(issuer), std::string(text.substr(equals + 1)));
}

result<std::string> parse_handler(std::string_view text) {
  const bool valid =
      !text.empty() && text.size() <= handler_characters && std::none_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) <= ' ' || letter == '\x7f';
      });
  if (!valid)
    return bad("must be 1 to 128 characters without blanks");
  return std::string(text);
}

}  // namespace kelvin
