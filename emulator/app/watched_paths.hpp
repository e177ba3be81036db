#pragma once

#include "emulator/watch/artifact_facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// What of a function is on disk, for whoever watches it.
struct watched_artifact {
  artifact_kind kind = artifact_kind::program;
  std::string file;                ///< what must be whole before it is used: the bootstrap, or the zip
  std::vector<std::string> paths;  ///< what a change of makes a new version, files and folders
};

/// Of the TARGET (or CodeUri) `target` with these layers. In a folder that a build works in, only the bootstrap counts.
watched_artifact watched_paths(const std::string& target, const std::vector<std::string>& layers);

/// Whether a path in a watched folder counts: not what editors, compilers and interpreters leave beside the code.
bool is_part_of_code(std::string_view path, bool is_folder);

}  // namespace kelvin
