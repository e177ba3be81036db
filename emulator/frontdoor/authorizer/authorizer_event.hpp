#pragma once

#include "emulator/web/web_request.hpp"
#include "runtime-api/base/payload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor {

/// What a request asks for, as policies name it: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`, with the
/// method and the path of the request, not of its route.
std::string method_arn(const web::web_request& request, const web::web_context& context);

/// What a Lambda authorizer gets beside the door's event, by its kind and payload version (contract:
/// http-front-doors, 2.6 and 3). `event` is the text of a JSON object as the door makes it for the function, with at
/// least one member; it is not parsed, the members are put behind its first brace. A token's authorizer gets no more
/// than these members, whatever the event.
payload to_authorizer_event(const authorizer_configuration& authorizer, api_kind api, std::string_view arn,
                            const std::vector<std::string>& identity, std::string_view event);

}  // namespace kelvin::frontdoor
