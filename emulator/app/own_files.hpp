#pragma once

#include "emulator/app/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// The files that kelvin itself writes, absolute: its log for one. A line of it must start neither a build nor a
/// version.
std::vector<std::string> own_files(const settings& chosen);

/// Whether a path, however it is spelled, leads to one of them.
bool is_own_file(const std::vector<std::string>& own, std::string_view path);

}  // namespace kelvin
