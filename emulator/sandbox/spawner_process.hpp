#pragma once

#include <string>

namespace kelvin {

class control_groups;

/// The whole life of the spawner's process, to be called in a child just forked from kelvin. It closes
/// every descriptor but `link` and standard error, forks keepers on request, kills what a killed keeper
/// leaves behind, and at the end of `link` waits until none of them is left, removes `scratch_folder`
/// (empty: none) and all control groups, and exits. Never returns.
[[noreturn]] void run_spawner(int link, const std::string& scratch_folder, const control_groups& groups) noexcept;

}  // namespace kelvin
