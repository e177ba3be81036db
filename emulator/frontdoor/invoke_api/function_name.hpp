#pragma once

#include "emulator/frontdoor/invoke_api/service_error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kelvin::frontdoor {

/// How a caller named a function.
struct function_reference {
  std::string name;
  std::optional<std::string> qualifier;  ///< version, alias or `$LATEST`; nullopt: none was given
};

/// Undoes percent-encoding. A `%` that no two hexadecimal digits follow stays as it is.
std::string percent_decoded(std::string_view text);

/// The first value of `name` in a query string, percent-decoded.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Appends to `violations` what AWS finds wrong with the two members, one text each.
void check_function_name(std::string_view function_name, std::vector<std::string>& violations);
void check_qualifier(std::string_view qualifier, std::vector<std::string>& violations);

/// AWS's ValidationException for one or more violations.
service_error validation_error(const std::vector<std::string>& violations);
/// The text of one violation: `Value 'x' at 'member' failed to satisfy constraint: …`.
std::string violation(std::string_view value, std::string_view member, std::string_view constraint);

/// Takes a checked FunctionName (name, name:qualifier, partial ARN or ARN; decoded) apart and joins
/// it with a checked Qualifier. Errors: resource_not_found (another region), access_denied (another
/// account), invalid_parameter_value (two different qualifiers).
std::variant<function_reference, service_error> parse_function_name(std::string_view function_name,
                                                                    std::optional<std::string> qualifier,
                                                                    std::string_view region,
                                                                    std::string_view account_id);

}  // namespace kelvin::frontdoor
