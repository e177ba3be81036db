#pragma once

#include "emulator/frontdoor/authorizer/json_web_token.hpp"
#include "emulator/function/api_configuration.hpp"
#include "runtime-api/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor {

/// What a token claims against what the authorizer wants, at that time: issuer, audience (`client_id` only where there
/// is no `aud`), `exp`, `nbf`, `iat`. Nullopt: all is well; else what goes behind `error_description`. The signature is
/// not looked at.
std::optional<std::string> claims_problem(const json_web_token& token, const authorizer_configuration& wanted,
                                          wall_time now);

/// The route's scopes that the token has, in the route's order.
std::vector<std::string> granted_scopes(const json_web_token& token, const std::vector<std::string>& route_scopes);

/// Values of `www-authenticate`. Only the audience's text is documented (contract: http-front-doors, 2.6); the other
/// descriptions are worded like it.
std::string challenge_without_token();
std::string challenge_of_invalid_token(const std::vector<std::string>& route_scopes, std::string_view description);
std::string challenge_of_insufficient_scope(const std::vector<std::string>& route_scopes);

}  // namespace kelvin::frontdoor
