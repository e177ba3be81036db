#pragma once

#include "emulator/app/remote_invocation.hpp"
#include "emulator/app/settings.hpp"
#include "runtime-api/base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kelvin {

// What the values of options are made of. All errors are invalid_argument, or unsupported for what
// this version has not; their detail goes behind `--option VALUE: `.

/// A whole number of the range, without sign or unit. `unit` is for the message and may be empty.
result<unsigned> parse_number(std::string_view text, unsigned least, unsigned greatest, std::string_view unit = {});

/// `NAME=PATH`, or a path. What stands before `=` is a name unless it holds a `/`.
result<target_argument> parse_target(std::string_view text);

/// `ISSUER=URL` or `ISSUER=FILE`: the issuer's URL up to the first `=`, and where its key set is.
result<std::pair<std::string, std::string>> parse_key_set_place(std::string_view text);

struct listen_address {
  std::string host;  ///< IP address without brackets, or `localhost`
  std::uint16_t port;
};
/// `HOST:PORT` or `[IPv6]:PORT`; the port may be 0.
result<listen_address> parse_listen(std::string_view text);

/// `http://HOST:PORT` with an optional `/` behind; HOST is an IP address or localhost; without a port, 80.
result<kelvin_address> parse_endpoint(std::string_view url);

/// `NAME=value`.
result<std::pair<std::string, std::string>> parse_variable(std::string_view text);

struct credentials_choice {
  credentials_source source;
  std::string profile;
};
/// `dummy`, `environment` or `profile:NAME`.
result<credentials_choice> parse_credentials(std::string_view text);

result<notice_level> parse_log_level(std::string_view text);
/// One of AWS's levels of a function's log, in lower or upper case, from `least` to `greatest`.
result<log_level> parse_function_log_level(std::string_view text, log_level least, log_level greatest);
/// `function:NAME` or `file:PATH`.
result<event_destination> parse_destination(std::string_view text);
/// `60,120` or `60`: what is waited behind the first and the second error, in seconds, to the
/// millisecond, each 0 to 21600; a single one is taken for both.
result<std::array<duration, 2>> parse_retry_delays(std::string_view text);
/// `us-east-1` and the like: its form, not whether it exists.
result<std::string> parse_region(std::string_view text);
/// 12 digits.
result<std::string> parse_account_id(std::string_view text);
/// A host name or address as it stands in a Host header, without port.
result<std::string> parse_host(std::string_view text);
/// AWS Lambda API, Handler: 1 to 128 characters without blanks.
result<std::string> parse_handler(std::string_view text);

}  // namespace kelvin
