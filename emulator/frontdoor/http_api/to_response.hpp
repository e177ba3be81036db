#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/web/web_request.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/base/request_id.hpp"

#include <string_view>

namespace kelvin::frontdoor::http_api {

/// The answer to a request whose function was invoked, in the payload format of the route's integration (contract:
/// http-front-doors, 2.3 and 2.7). A function error is 500, a throttle and a failure of kelvin's own 503.
web::web_response to_response(invocation_outcome&& outcome, const web::web_request& request,
                              const web::web_context& context, const request_id& id, payload_version version);

/// What an HTTP API answers by itself.
enum class own_error {
  unauthorized,         ///< 401: an authorizer's identity source is missing, a token is not valid
  forbidden,            ///< 403: an authorizer denies, a scope is missing, no signature
  not_found,            ///< 404: no route
  request_too_large,    ///< 413
  header_too_large,     ///< 431: over limits::api_header_bytes
  throttled,            ///< 429: by the stage
  internal,             ///< 500: the function failed, its answer is none, the authorizer failed
  service_unavailable,  ///< 503: over 30 s, or the function was throttled
};

/// `www_authenticate`: the value of that field, for unauthorized and forbidden by a JWT authorizer; empty: none.
web::web_response error_answer(own_error error, const web::web_context& context,
                               std::string_view www_authenticate = {});

}  // namespace kelvin::frontdoor::http_api
