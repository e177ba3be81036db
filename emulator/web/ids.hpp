#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kelvin::web {

/// A new request id as API Gateway makes them: 15 characters of URL-safe base64 and `=`. HTTP APIs call it
/// requestId, REST APIs extendedRequestId.
std::string make_gateway_id();

/// `length` (at most 12) lower-case letters and digits that are always the same for `name`: what stands for ids
/// that AWS gives out once (resources, deployments).
std::string stable_id(std::string_view name, std::size_t length);

}  // namespace kelvin::web
