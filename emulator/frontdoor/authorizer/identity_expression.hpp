#pragma once

#include "runtime-api/base/result.hpp"

#include <string>
#include <string_view>

namespace kelvin::frontdoor {

/// Whether the whole token is what a TOKEN authorizer's IdentityValidationExpression says. Errors: invalid_argument
/// (no regular expression), limit_reached (the match would take too long).
result<bool> matches_expression(const std::string& expression, std::string_view token);

}  // namespace kelvin::frontdoor
