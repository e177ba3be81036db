#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/web/web_request.hpp"
#include "runtime-api/base/payload.hpp"

/// API Gateway HTTP APIs.
namespace kelvin::frontdoor::http_api {

/// The event of a request, in the payload format that the route's integration asks for (contract:
/// http-front-doors, 2.1 and 2.2). Always valid JSON.
payload to_event(const web::web_request& request, const web::web_context& context, payload_version version);

}  // namespace kelvin::frontdoor::http_api
