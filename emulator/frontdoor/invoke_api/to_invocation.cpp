#include "emulator/frontdoor/invoke_api/to_invocation.hpp"

#include "emulator/frontdoor/invoke_api/function_name.hpp"
#include "emulator/frontdoor/invoke_api/payload_problem.hpp"
#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/text.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kelvin::frontdoor {
namespace {

constexpr std::string_view latest = "$LATEST";

/// Which of the fields we look at has that name, nullptr for all others. The length tells most
/// fields apart before a character is compared.
std::optional<std::string_view>* slot_of(invoke_fields& fields, std::string_view name) {
  const auto is = [name](std::string_view lower) { return http::equal_ignoring_case(name, lower); };
  switch (name.size()) {
    case 14: return is("x-amz-log-type") ? &fields.log_type : nullptr;
    case 15: return is("x-amzn-trace-id") ? &fields.trace_id : is("x-amz-tenant-id") ? &fields.tenant_id : nullptr;
    case 20: return is("x-amz-client-context") ? &fields.client_context : nullptr;
    case 21: return is("x-amz-invocation-type") ? &fields.invocation_type : nullptr;
    case 28: return is("x-amz-durable-execution-name") ? &fields.durable_execution_name : nullptr;
    default: return nullptr;
  }
}

/// Everything that AWS's model of the request constrains, in one answer.
std::vector<std::string> violations_of(std::string_view function_name, const std::optional<std::string>& qualifier,
                                       const invoke_fields& fields) {
  std::vector<std::string> violations;
  check_function_name(function_name, violations);
  if (qualifier) {
    check_qualifier(*qualifier, violations);
  }
  const std::string_view type = fields.invocation_type.value_or("RequestResponse");
  if (type != "RequestResponse" && type != "Event" && type != "DryRun") {
    violations.push_back(
        violation(type, "invocationType", "Member must satisfy enum value set: [DryRun, RequestResponse, Event]"));
  }
  const std::string_view log_type = fields.log_type.value_or("None");
  if (log_type != "None" && log_type != "Tail") {
    violations.push_back(violation(log_type, "logType", "Member must satisfy enum value set: [None, Tail]"));
  }
  return violations;
}

std::optional<service_error> unsupported(const invoke_fields& fields) {
  const auto refuse = [](std::string message) {
    return service_error{exception::invalid_parameter_value, std::move(message)};
  };
  if (fields.durable_execution_name) {
    return refuse(
        "X-Amz-Durable-Execution-Name (durable functions) is not supported by this version of kelvin. "
        "Remove the header from your request.");
  }
  if (fields.tenant_id) {
    return refuse(
        "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your "
        "request and try again.");
  }
  return std::nullopt;
}

service_error function_not_found(const account_configuration& account, const function_reference& named) {
  return {exception::resource_not_found, "Function not found: " + function_arn(account, named.name) + ":" +
                                             named.qualifier.value_or(std::string(latest))};
}

service_error body_problem(const failure& problem) {
  if (problem.code == errc::body_too_large) {
    return {exception::request_entity_too_large, "Request must be smaller than " + std::to_string(limits::event_bytes) +
                                                     " bytes for the InvokeFunction operation"};
  }
  return {exception::invalid_request_content, "Could not read the request body: " + problem.detail};
}

/// The decoded client context, or the error. Runtime clients die of a context that is no JSON.
std::variant<std::string, service_error> decode_client_context(std::string_view encoded) {
  if (encoded.size() > limits::client_context_bytes) {
    return service_error{exception::invalid_request_content,
                         "Client context must be at most " + std::to_string(limits::client_context_bytes) +
                             " bytes of Base64 text; this one has " + std::to_string(encoded.size()) + "."};
  }
  auto decoded = base64_decode(encoded, base64_padding::optional);
  const bool is_object = decoded && is_json(*decoded) && (*decoded)[decoded->find_first_not_of(" \t\r\n")] == '{';
  if (!is_object) {
    return service_error{exception::invalid_request_content,
                         "Client context must be a valid Base64-encoded JSON object."};
  }
  return std::move(*decoded);
}

}  // namespace

invoke_fields gather_fields(const http::field_list& fields) {
  invoke_fields gathered;
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const http::field field = fields.at(index);
    auto* slot = slot_of(gathered, field.name);
    if (slot && !*slot) {
      *slot = field.value;
    }
  }
  return gathered;
}

std::variant<accepted_invocation, service_error> to_invocation(const function_registry& functions,
                                                               std::string_view function_segment,
                                                               std::string_view query, const invoke_fields& fields,
                                                               result<payload> body) {
  const std::string function_name = percent_decoded(function_segment);
  auto qualifier = query.empty() ? std::nullopt : query_value(query, "Qualifier");
  if (const auto violations = violations_of(function_name, qualifier, fields); !violations.empty()) {
    return validation_error(violations);
  }
  if (auto refusal = unsupported(fields)) {
    return std::move(*refusal);
  }
  const account_configuration& account = functions.account();
  auto parsed = parse_function_name(function_name, std::move(qualifier), account.region, account.account_id);
  if (auto* error = std::get_if<service_error>(&parsed)) {
    return std::move(*error);
  }
  const auto& named = std::get<function_reference>(parsed);
  const function_configuration* function = functions.resolve(named.name);
  if (!function || (named.qualifier && *named.qualifier != latest)) {
    return function_not_found(account, named);
  }
  if (!body) {
    return body_problem(body.error());
  }

  accepted_invocation accepted;
  accepted.dry_run = fields.invocation_type == "DryRun";
  accepted.event = fields.invocation_type == "Event";
  invocation_request& request = accepted.request;
  request.event = std::move(*body);
  if (accepted.event && request.event.size() > limits::asynchronous_event_bytes) {
    return service_error{exception::request_entity_too_large,
                         std::to_string(request.event.size()) +
                             " byte payload is too large for the Event invocation type (limit " +
                             std::to_string(limits::asynchronous_event_bytes) + " bytes)"};
  }
  if (request.event.empty()) {
    request.event.append("{}");
  } else if (!is_json(request.event.view())) {
    return service_error{exception::invalid_request_content,
                         "Could not parse request body into json: Could not parse payload into json: " +
                             payload_problem(request.event.view())};
  }
  if (fields.client_context && !fields.client_context->empty()) {
    auto decoded = decode_client_context(*fields.client_context);
    if (auto* error = std::get_if<service_error>(&decoded)) {
      return std::move(*error);
    }
    request.client_context = std::get<std::string>(std::move(decoded));
  }
  request.function_name = function->name;
  request.invoked_function_arn = function_arn(account, function->name);
  if (named.qualifier) {
    request.invoked_function_arn.append(":").append(*named.qualifier);
  }
  request.trace_id = fields.trace_id.value_or(std::string_view());
  request.log_tail = fields.log_type == "Tail";
  return accepted;
}

}  // namespace kelvin::frontdoor
