#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/http/message.hpp"

#include <optional>
#include <string_view>

/// Cross-origin requests at APIs and function URLs that have a CORS configuration (contract: http-front-doors, 2.5
/// and 5).
namespace kelvin::web {

/// What a browser asks before it sends a request of another origin. Views last as long as the request's fields.
struct cors_preflight {
  std::string_view origin;
  std::string_view method;   ///< Access-Control-Request-Method
  std::string_view headers;  ///< Access-Control-Request-Headers; empty: none
};

/// The preflight a request is: OPTIONS with `Origin` and `Access-Control-Request-Method`. Nullopt: it is none, and
/// is routed as any other.
std::optional<cors_preflight> read_preflight(std::string_view method, const http::field_list& fields);

/// The gateway's answer to a preflight, given before routes and authorizers are looked at: 204, without any CORS
/// field where the origin is not allowed.
web_response preflight_answer(const cors_configuration& cors, const cors_preflight& asked);

/// Puts the API's CORS fields in place of the function's own, which are dropped whether or not there is an `origin`.
void apply_cors(const cors_configuration& cors, std::optional<std::string_view> origin, web_response& answer);

}  // namespace kelvin::web
