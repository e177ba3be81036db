#pragma once

#include "emulator/app/settings.hpp"
#include "emulator/sandbox/control_groups.hpp"

#include <string>
#include <vector>

namespace kelvin {

/// What was asked for and this machine can do only in part: a sentence each, for the log of a start.
/// `memory_chosen`: by --memory or by a template.
std::vector<std::string> limit_notices(const settings& chosen, bool memory_chosen, const control_groups& groups,
                                       isolation_level level);

}  // namespace kelvin
