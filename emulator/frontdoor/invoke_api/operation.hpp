#pragma once

#include "runtime-api/http/message.hpp"

#include <string_view>

namespace kelvin::frontdoor {

/// What a path of the Lambda service API asks for.
enum class operation_kind {
  not_ours,          ///< the path belongs to another front door
  invoke,            ///< Invoke
  invoke_streaming,  ///< InvokeWithResponseStream
  invoke_async,      ///< InvokeAsync, the old way to `X-Amz-Invocation-Type: Event`
  unsupported,       ///< an operation that AWS has and this version of kelvin has not
  unknown,           ///< below one of the service's prefixes, but no operation, or not with this method
  // Reads.
  get_account_settings,
  get_function,
  get_function_code_signing_config,
  get_function_concurrency,
  get_function_configuration,
  get_function_event_invoke_config,
  get_function_url_config,
  get_policy,
  list_event_source_mappings,
  list_functions,
  list_tags,
  list_versions_by_function,
};

struct operation {
  operation_kind kind;
  std::string_view name;              ///< AWS's name of the operation; empty for not_ours and unknown
  std::string_view function_segment;  ///< FunctionName (ListTags: the ARN) as it came; empty if there is none
};

/// Finds the operation of a request by its method and path (AWS Lambda API). The path is the
/// target without its query.
operation find_operation(http::method method, std::string_view path) noexcept;

}  // namespace kelvin::frontdoor
