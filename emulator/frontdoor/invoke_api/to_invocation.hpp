#pragma once

#include "emulator/frontdoor/invoke_api/service_error.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/invoke/invocation_request.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/result.hpp"
#include "runtime-api/http/message.hpp"

#include <optional>
#include <string_view>
#include <variant>

namespace kelvin::frontdoor {

/// The header fields of an Invoke request, gathered in one pass: the first of each name, nullopt if
/// there is none. Views into the request's head.
struct invoke_fields {
  std::optional<std::string_view> client_context;
  std::optional<std::string_view> durable_execution_name;
  std::optional<std::string_view> invocation_type;
  std::optional<std::string_view> log_type;
  std::optional<std::string_view> tenant_id;
  std::optional<std::string_view> trace_id;
};

invoke_fields gather_fields(const http::field_list& fields);

/// An invocation to be run, to be queued (`Event`), or only to be checked (`DryRun`).
struct accepted_invocation {
  invocation_request request;
  bool dry_run = false;
  bool event = false;
};

/// Turns one Invoke request into an invocation. `function_segment` is the path's FunctionName, still
/// percent-encoded; `body` what reading it gave (AWS Lambda API, Invoke). An empty body is `{}`. The
/// caller's Content-Type says nothing: an event is JSON, and the runtime is told so.
/// Errors, in the order they are looked for: validation, invalid_parameter_value (also for what
/// this version does not support), resource_not_found, access_denied, request_entity_too_large,
/// invalid_request_content.
std::variant<accepted_invocation, service_error> to_invocation(const function_registry& functions,
                                                               std::string_view function_segment,
                                                               std::string_view query, const invoke_fields& fields,
                                                               result<payload> body);

}  // namespace kelvin::frontdoor
