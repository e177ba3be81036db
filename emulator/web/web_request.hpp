#pragma once

#include "emulator/function/api_configuration.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the doors for callers who speak plain HTTP have in common.
namespace kelvin::web {

/// One HTTP request at a door, as it came. Views last as long as the exchange it came by.
struct web_request {
  std::string_view method;     ///< as sent, e.g. `GET`
  std::string_view raw_path;   ///< as sent, with the stage where the caller named one, without kelvin's own prefixes
                               ///< (`/lambda-url/NAME`, `/_aws/execute-api/API`); starts with `/`
  std::string_view raw_query;  ///< behind `?`, without it
  const http::field_list* fields = nullptr;  ///< never null
  std::string_view body;
  bool http_1_0 = false;
  std::string source_ip;    ///< the caller's address, without port
  std::uint16_t port = 0;   ///< kelvin's own
  std::string domain_name;  ///< the Host field without its port
  std::string trace_id;     ///< for X-Amzn-Trace-Id: the caller's, or one that was made
  wall_time received{};
};

/// What an authorizer found out about a caller it let through.
struct authorization {
  authorizer_kind kind = authorizer_kind::jwt;
  /// jwt: a JSON object of the claims, every value a string. Lambda: a JSON object of the context as the
  /// function gave it; a REST API's door makes its values strings. iam: the JSON object of `iam`.
  std::string document = "{}";
  std::optional<std::vector<std::string>> scopes;  ///< jwt: those of the route that the token has; none asked for: none
  std::string principal_id;                        ///< lambda_request with a policy, lambda_token
  std::chrono::milliseconds integration_latency{0};
};

/// Where a request was routed to, and as what.
struct web_context {
  std::string account_id;
  std::string region;
  std::string api_id;
  std::string stage;
  const std::vector<name_value>* stage_variables = nullptr;  ///< null or empty: there are none
  std::string_view stage_path;                               ///< the path behind the stage, as sent; starts with `/`
  std::string method;                                        ///< of the route: upper case, or `ANY`
  std::string resource;                                      ///< path of the route: `/pets/{id}`, `$default`
  std::vector<name_value> path_parameters;  ///< as sent: percent-encoded, a greedy one without its leading slash
  /// What AWS's door calls the request: a UUID (REST API; function URL: the invocation's) or the short
  /// base64-like form (HTTP API).
  std::string request_id;
  std::string extended_request_id;            ///< base64-like; HTTP API: the same as `request_id`
  const authorization* authorized = nullptr;  ///< null: the route has no authorizer
  const api_configuration* api = nullptr;     ///< never null at a door
};

}  // namespace kelvin::web
