#pragma once

#include "emulator/app/load_functions.hpp"

namespace kelvin {

/// Prints what `kelvin config` shows of functions, APIs and event sources to stdout: every value with where it
/// comes from.
void print_functions(const loaded_functions& loaded, const described_targets& targets);

}  // namespace kelvin
