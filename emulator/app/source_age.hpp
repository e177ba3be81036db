#pragma once

#include "emulator/builder/project_files.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kelvin {

/// How many files are looked at before a project counts as changed: kelvin's start waits for that.
inline constexpr std::size_t source_age_files = 20'000;

/// Whether a file of these folders has changed since the oldest of the artifacts was made. `outputs` and what
/// source_filter leaves out are no sources. True also where an artifact is not there, and where there are more files
/// than `files_max`.
bool has_newer_source(const std::vector<std::string>& folders, const std::vector<std::string>& outputs,
                      const std::vector<std::string>& artifacts, const project_files& files,
                      std::size_t files_max = source_age_files);

}  // namespace kelvin
