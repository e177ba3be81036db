#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/result.hpp"

#include <string>

namespace kelvin::frontdoor {

/// Where issuers' configurations and key sets come from.
class jwks_source {
 public:
  virtual ~jwks_source() = default;
  /// The document at an http or https URL. At most limits::key_set_bytes, in at most limits::key_set_fetch; an answer
  /// other than 200 is a failure. Errors, each saying what to do: connection_closed, timed_out, body_too_large,
  /// malformed_message, unsupported, not_found.
  virtual awaitable<result<std::string>> fetch(std::string url) = 0;
  /// A file of this machine. Errors: not_found, permission_denied, body_too_large.
  virtual result<std::string> read(const std::string& path) = 0;
};

}  // namespace kelvin::frontdoor
