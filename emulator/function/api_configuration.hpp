#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kelvin {

/// What stands in front of a function and speaks HTTP to callers.
enum class api_kind {
  http,          ///< API Gateway HTTP API
  rest,          ///< API Gateway REST API
  alb,           ///< Application Load Balancer with Lambda targets
  function_url,  ///< the function's own URL
};

/// PayloadFormatVersion of an HTTP API's integration or Lambda authorizer.
enum class payload_version { v1, v2 };

struct name_value {
  std::string name;
  std::string value;
  friend bool operator==(const name_value&, const name_value&) = default;
};

/// CorsConfiguration of an HTTP API, Cors of a function URL (contract: http-front-doors, 2.5 and 5).
struct cors_configuration {
  bool allow_credentials = false;
  std::vector<std::string> allow_origins;  ///< exact, `*`, `http://*` or `https://*`
  std::vector<std::string> allow_methods;
  std::vector<std::string> allow_headers;
  std::vector<std::string> expose_headers;
  std::optional<std::chrono::seconds> max_age;
};

enum class authorizer_kind {
  jwt,             ///< HTTP API
  lambda_request,  ///< HTTP API and REST API
  lambda_token,    ///< REST API
  iam,             ///< AWS_IAM: Signature Version 4
};

/// One authorizer of an API (contract: http-front-doors, 2.6 and 3).
struct authorizer_configuration {
  std::string name;
  authorizer_kind kind = authorizer_kind::jwt;
  /// As HTTP APIs write them, whatever the API's kind: `$request.header.NAME`,
  /// `$request.querystring.NAME`, `$context.NAME`, `$stageVariables.NAME`. A token's: exactly one.
  std::vector<std::string> identity_sources;

  std::string issuer;                  ///< jwt
  std::vector<std::string> audiences;  ///< jwt

  std::string function_name;                      ///< Lambda
  payload_version payload = payload_version::v2;  ///< Lambda, HTTP API; a REST API's is v1
  bool simple_responses = false;                  ///< Lambda, HTTP API with payload v2
  std::string identity_validation_expression;     ///< lambda_token; empty: everything passes
  std::chrono::seconds result_ttl{0};             ///< Lambda; 0: no result is kept
  std::string origin;                             ///< `FILE:LINE`, for messages
};

/// Answers without a function: the OPTIONS methods that a REST API's Cors setting stands for.
struct mock_integration {
  unsigned status = 200;
  std::vector<name_value> fields;
};

/// One route of an HTTP API, one method of a REST API's resource, or the only route of a function URL
/// or load balancer.
struct api_route {
  std::string method;                             ///< upper case, or `ANY`
  std::string path;                               ///< `/pets/{id}`, `/{proxy+}`; `$default`: what no other route takes
  std::string function_name;                      ///< empty with a mock
  payload_version payload = payload_version::v2;  ///< HTTP API
  /// Not given: 30 s (HTTP API), 29 s (REST API), only the function's own (function URL, load balancer).
  std::optional<std::chrono::milliseconds> timeout;
  std::string authorizer;           ///< its name; empty: open to all
  std::vector<std::string> scopes;  ///< jwt: at least one is needed; empty: none is
  bool api_key_required = false;    ///< REST API
  bool streams = false;             ///< REST API with responseTransferMode STREAM, function URL with RESPONSE_STREAM
  std::optional<mock_integration> mock;
  std::string origin;  ///< `FILE:LINE`, for messages; empty: from the command line
};

struct api_stage {
  std::string name;  ///< `$default`: not in the path (HTTP API)
  std::vector<name_value> variables;
};

/// One API, as a template or the command line describes it.
struct api_configuration {
  std::string id;  ///< the template's logical id; a function URL's: the function's name
  api_kind kind = api_kind::http;
  std::vector<api_stage> stages;  ///< at least one
  std::vector<api_route> routes;
  std::vector<authorizer_configuration> authorizers;
  std::optional<cors_configuration> cors;         ///< HTTP API, function URL
  std::vector<std::string> binary_media_types{};  ///< REST API: `type/subtype`, `type/*`, `*/*`
  bool multi_value_headers = false;               ///< load balancer
  std::string origin;                             ///< `FILE:LINE`, for messages
};

}  // namespace kelvin
