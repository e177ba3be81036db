#pragma once

#include "runtime-api/base/payload.hpp"

#include <string>
#include <variant>

namespace kelvin {

/// What a caller of Lambda may see of an invocation, as data.
struct invocation_success {
  payload response;
  std::string content_type;  ///< as the runtime gave it; empty if it gave none
  bool streamed = false;     ///< the body went to the request's stream, `response` is empty
};

/// The function failed: handler error, crash, timeout, failed init, oversize answer. The HTTP status
/// of the Invoke API stays 200.
struct function_error {
  payload error;           ///< the JSON object the caller gets
  std::string error_type;  ///< e.g. `Runtime.ExitError`; for reports, never parsed again
};

/// Reasons of TooManyRequestsException (contract: invoke-api, section 1).
enum class throttle_reason {
  concurrent_invocation_limit_exceeded,  ///< the account's --max-concurrency
  reserved_function_concurrent_invocation_limit_exceeded,
  environments_exhausted,  ///< ours: the machine's own limit, and the wait for it ran out
};

struct throttled {
  throttle_reason reason;
};

/// kelvin is stopping, or could not do its part.
struct service_failure {
  std::string message;
};

struct invocation_outcome {
  std::variant<invocation_success, function_error, throttled, service_failure> answer;
  std::string log_tail;  ///< last 4 KiB of the log, START to REPORT, if it was asked for
  std::string trace_id;  ///< what the runtime was given
};

}  // namespace kelvin
