#pragma once

#include "emulator/function/function_registry.hpp"
#include "runtime-api/base/result.hpp"

#include <string_view>

namespace kelvin {

/// The options that name destinations, for messages.
namespace destination_option {
inline constexpr std::string_view on_success = "--on-success";
inline constexpr std::string_view on_failure = "--on-failure";
inline constexpr std::string_view dead_letter = "--dead-letter";
}  // namespace destination_option

/// Checks every destination of the functions: named functions exist, files can be written (they are
/// made). Errors: not_found, system_failure; the detail names the option.
result<void> check_destinations(const function_registry& functions);

}  // namespace kelvin
