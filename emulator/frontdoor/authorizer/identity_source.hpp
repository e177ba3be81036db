#pragma once

#include "emulator/web/web_request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor {

/// The value that an identity source names: `$request.header.NAME`, `$request.querystring.NAME`, `$context.NAME` or
/// `$stageVariables.NAME`. Repeated fields and parameters are joined by commas (HTTP API), or the last counts (REST
/// API). Nullopt: there is none, it is empty, or the source is of no known form.
std::optional<std::string> identity_value(std::string_view source, const web::web_request& request,
                                          const web::web_context& context);

/// The values of all sources, in their order; nullopt as soon as one is missing: then the caller is refused without
/// any function being called.
std::optional<std::vector<std::string>> identity_values(const std::vector<std::string>& sources,
                                                        const web::web_request& request,
                                                        const web::web_context& context);

}  // namespace kelvin::frontdoor
