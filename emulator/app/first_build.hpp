#pragma once

#include "emulator/app/settings.hpp"

#include <optional>

namespace kelvin {

/// Builds what the targets' functions need before they can be loaded: those whose bootstrap or .zip is not there and
/// for which a build is known. After one that fails it waits for changed sources. Nullopt: go on (also where nothing
/// could be built: the load says what is missing); else the exit code, after a signal or a failure that was printed.
/// Must be called while the process has one thread and no io_context, and leaves it so, with SIGINT, SIGTERM and SIGHUP
/// blocked.
std::optional<int> build_what_is_missing(const settings& chosen);

}  // namespace kelvin
