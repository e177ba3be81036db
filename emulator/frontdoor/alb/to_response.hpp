#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/web/web_request.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/base/request_id.hpp"

namespace kelvin::frontdoor::alb {

/// The answer to a request whose function was invoked (contract: http-front-doors, 4). Whatever is no success, and an
/// answer of another shape or over limits::load_balancer_bytes, is 502.
web::web_response to_response(invocation_outcome&& outcome, const web::web_request& request,
                              const web::web_context& context, const request_id& id);

/// What a load balancer answers by itself, as a page of HTML.
enum class own_error {
  bad_request,        ///< 400: an upgrade of the connection
  request_too_large,  ///< 413: over limits::load_balancer_bytes
  bad_gateway,        ///< 502
};

web::web_response error_answer(own_error error, const web::web_context& context);

}  // namespace kelvin::frontdoor::alb
