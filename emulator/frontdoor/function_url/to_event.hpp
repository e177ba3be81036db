#pragma once

#include "emulator/web/web_request.hpp"
#include "runtime-api/base/payload.hpp"

/// Function URLs.
namespace kelvin::frontdoor::function_url {

/// The event of a request: payload format 2.0 with a function URL's own values (contract: http-front-doors, 5).
/// Always valid JSON.
payload to_event(const web::web_request& request, const web::web_context& context);

}  // namespace kelvin::frontdoor::function_url
