#pragma once

#include "emulator/web/web_request.hpp"
#include "runtime-api/base/payload.hpp"

/// Application Load Balancers with a Lambda function as target.
namespace kelvin::frontdoor::alb {

/// The event of a request, with single or with multi-value maps as the target group is configured (contract:
/// http-front-doors, 4). Always valid JSON.
payload to_event(const web::web_request& request, const web::web_context& context);

}  // namespace kelvin::frontdoor::alb
