#pragma once

#include "emulator/builder/ignore_rules.hpp"
#include "emulator/builder/project_files.hpp"

#include <set>
#include <string>
#include <vector>

namespace kelvin {

/// Which files of a project are sources, so that a change of them starts a build: all but what .gitignore files leave
/// out, .git, what the build makes, and what compilers and editors leave behind. Reads .gitignore files when it first
/// needs them.
class source_filter {
 public:
  /// `root`: the folder whose files are asked about; where it lies in a git repository, the .gitignore files above it
  /// count too. `outputs`: files and folders that are never sources. `files` must outlive it. All paths absolute.
  source_filter(const project_files& files, std::string root, std::vector<std::string> outputs);

  /// Whether a change of that path is one of sources; of a folder, whether to look into it. False for what does not
  /// lie in the root.
  bool wanted(const std::string& path, bool is_folder);
  /// Reads the .gitignore files anew when it needs them again: to be called when one has changed.
  void forget();

 private:
  void read_rules_above(const std::string& path);

  const project_files& files_;
  std::string root_;
  std::string top_;  ///< of the repository; the root where there is none
  std::vector<std::string> outputs_;
  ignore_rules rules_;
  std::set<std::string> read_;  ///< folders whose .gitignore was looked for
};

/// The folder with `.git` that a path lies in, at most limits::build_folder_levels above it; empty where there is none.
std::string repository_of(const project_files& files, const std::string& path);

}  // namespace kelvin
