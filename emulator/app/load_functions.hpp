#pragma once

#include "emulator/app/settings.hpp"
#include "emulator/function/scratch_folder.hpp"
#include "emulator/function/target.hpp"

namespace kelvin {

/// Loads the functions of the settings' targets; what has to be unpacked goes into `scratch`. Errors: those of
/// load_targets().
result<loaded_functions> load_functions(const settings& chosen, scratch_folder& scratch);

}  // namespace kelvin
