#include "emulator/frontdoor/invoke_api/operation.hpp"

#include <algorithm>
#include <array>

namespace kelvin::frontdoor {
namespace {

using http::method;

constexpr std::string_view invoke_prefix = "/2015-03-31/functions/";
constexpr std::string_view invoke_suffix = "/invocations";

using kind = operation_kind;

/// An operation besides Invoke, which is looked for first. `*` stands for one path segment.
struct known_operation {
  http::method method;
  std::string_view path;
  std::string_view name;
  operation_kind kind = operation_kind::unsupported;
};

constexpr std::array known_operations{
    known_operation{method::post, "/2021-11-15/functions/*/response-streaming-invocations", "InvokeWithResponseStream",
                    kind::invoke_streaming},
    known_operation{method::post, "/2014-11-13/functions/*/invoke-async", "InvokeAsync", kind::invoke_async},
    known_operation{method::get, "/2015-03-31/functions", "ListFunctions", kind::list_functions},
    known_operation{method::post, "/2015-03-31/functions", "CreateFunction"},
    known_operation{method::get, "/2015-03-31/functions/*", "GetFunction", kind::get_function},
    known_operation{method::delete_, "/2015-03-31/functions/*", "DeleteFunction"},
    known_operation{method::get, "/2015-03-31/functions/*/configuration", "GetFunctionConfiguration",
                    kind::get_function_configuration},
    known_operation{method::put, "/2015-03-31/functions/*/configuration", "UpdateFunctionConfiguration"},
    known_operation{method::put, "/2015-03-31/functions/*/code", "UpdateFunctionCode"},
    known_operation{method::get, "/2015-03-31/functions/*/versions", "ListVersionsByFunction",
                    kind::list_versions_by_function},
    known_operation{method::post, "/2015-03-31/functions/*/versions", "PublishVersion"},
    known_operation{method::get, "/2015-03-31/functions/*/aliases", "ListAliases"},
    known_operation{method::post, "/2015-03-31/functions/*/aliases", "CreateAlias"},
    known_operation{method::get, "/2015-03-31/functions/*/aliases/*", "GetAlias"},
    known_operation{method::get, "/2015-03-31/functions/*/policy", "GetPolicy", kind::get_policy},
    known_operation{method::post, "/2015-03-31/functions/*/policy", "AddPermission"},
    known_operation{method::get, "/2015-03-31/event-source-mappings", "ListEventSourceMappings",
                    kind::list_event_source_mappings},
    known_operation{method::post, "/2015-03-31/event-source-mappings", "CreateEventSourceMapping"},
    known_operation{method::get, "/2016-08-19/account-settings", "GetAccountSettings", kind::get_account_settings},
    known_operation{method::get, "/2017-03-31/tags/*", "ListTags", kind::list_tags},
    known_operation{method::post, "/2017-03-31/tags/*", "TagResource"},
    known_operation{method::put, "/2017-10-31/functions/*/concurrency", "PutFunctionConcurrency"},
    known_operation{method::get, "/2019-09-25/functions/*/event-invoke-config", "GetFunctionEventInvokeConfig",
                    kind::get_function_event_invoke_config},
    known_operation{method::put, "/2019-09-25/functions/*/event-invoke-config", "PutFunctionEventInvokeConfig"},
    known_operation{method::get, "/2019-09-30/functions/*/concurrency", "GetFunctionConcurrency",
                    kind::get_function_concurrency},
    known_operation{method::put, "/2019-09-30/functions/*/provisioned-concurrency", "PutProvisionedConcurrencyConfig"},
    known_operation{method::get, "/2020-06-30/functions/*/code-signing-config", "GetFunctionCodeSigningConfig",
                    kind::get_function_code_signing_config},
    known_operation{method::get, "/2021-10-31/functions/*/url", "GetFunctionUrlConfig", kind::get_function_url_config},
    known_operation{method::post, "/2021-10-31/functions/*/url", "CreateFunctionUrlConfig"},
};

/// The service's paths begin with a date: `/YYYY-MM-DD/`. Nobody else's do, so that a mistyped or
/// newer call is answered as AWS would and not by somebody's API.
bool begins_with_date(std::string_view path) noexcept {
  constexpr std::string_view form = "/dddd-dd-dd/";
  if (path.size() < form.size()) {
    return false;
  }
  for (std::size_t index = 0; index < form.size(); ++index) {
    const bool is_digit = path[index] >= '0' && path[index] <= '9';
    if (form[index] == 'd' ? !is_digit : path[index] != form[index]) {
      return false;
    }
  }
  return true;
}

/// Whether the path is as the pattern says; `segment` is then what its first `*` stood for.
bool matches(std::string_view path, std::string_view pattern, std::string_view& segment) noexcept {
  segment = {};
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      const std::size_t end = std::min(path.find('/'), path.size());
      if (end == 0) {
        return false;
      }
      if (segment.empty()) {
        segment = path.substr(0, end);
      }
      path.remove_prefix(end);
    } else {
      if (path.empty() || path.front() != pattern.front()) {
        return false;
      }
      path.remove_prefix(1);
    }
    pattern.remove_prefix(1);
  }
  return path.empty();
}

}  // namespace

operation find_operation(http::method method, std::string_view path) noexcept {
  if (method == method::post && path.starts_with(invoke_prefix)) {
    std::string_view segment = path.substr(invoke_prefix.size());
    if (segment.ends_with('/')) {
      segment.remove_suffix(1);
    }
    if (segment.ends_with(invoke_suffix)) {
      segment.remove_suffix(invoke_suffix.size());
      if (!segment.empty() && segment.find('/') == std::string_view::npos) {
        return {operation_kind::invoke, "Invoke", segment};
      }
    }
  }
  if (!begins_with_date(path)) {
    return {operation_kind::not_ours, {}, {}};
  }
  if (path.ends_with('/')) {
    path.remove_suffix(1);  // some clients end their paths with a slash
  }
  std::string_view segment;
  for (const known_operation& candidate : known_operations) {
    if (candidate.method == method && matches(path, candidate.path, segment)) {
      return {candidate.kind, candidate.name, segment};
    }
  }
  return {operation_kind::unknown, {}, {}};
}

}  // namespace kelvin::frontdoor
