#pragma once

#include "emulator/web/web_request.hpp"
#include "runtime-api/base/payload.hpp"

/// API Gateway REST APIs with Lambda proxy integration.
namespace kelvin::frontdoor::rest_api {

/// The event of a request (contract: http-front-doors, 3). Always valid JSON.
payload to_event(const web::web_request& request, const web::web_context& context);

}  // namespace kelvin::frontdoor::rest_api
