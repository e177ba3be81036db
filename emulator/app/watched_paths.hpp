#pragma once

#include "emulator/watch/artifact_facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// Where a function's code comes from, as it was at the start.
struct code_location {
  std::string target;  ///< the TARGET, or the CodeUri
  bool is_folder = false;
  bool is_archive = false;
  std::vector<std::string> layers;  ///< folders and zips
};

code_location locate_code(const std::string& target, std::vector<std::string> layers);

/// What must be whole before a version is used.
struct watched_artifact {
  artifact_kind kind = artifact_kind::program;
  std::string file;  ///< the bootstrap, or the zip that should hold it
};

/// As it is now: the last layer's where a folder has no bootstrap of its own.
watched_artifact find_artifact(const code_location& code);

/// What a change of makes a new version, files and folders. In a folder that a build works in: its bootstrap.
std::vector<std::string> watched_paths(const code_location& code);

/// Whether a path in a watched folder counts: not what editors, compilers and interpreters leave beside the code.
bool is_part_of_code(std::string_view path, bool is_folder);

}  // namespace kelvin
