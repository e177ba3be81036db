#pragma once

#include "emulator/app/settings.hpp"
#include "runtime-api/base/result.hpp"

#include <list>
#include <string>
#include <vector>

namespace kelvin {

/// Puts the function that --debug names, if it is among these, under the debugger that was asked for or suits its
/// bootstrap. Returns sentences for the user: which debugger was not there. Errors: as choose_debugger.
result<std::vector<std::string>> debug_as_chosen(const settings& chosen,
                                                 std::vector<function_configuration>& functions);

/// Whether --debug can be as it is told, once all functions are known. Errors: not_found (no function of
/// that name), address_in_use (the debugger's port).
result<void> check_debugging(const settings& chosen, const std::list<function_configuration>& functions);

}  // namespace kelvin
