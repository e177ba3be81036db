#pragma once

#include "emulator/builder/ignore_pattern.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// What the .gitignore files of one folder tree leave out. Paths are relative to the tree's root, without a slash at
/// their ends; `""` is the root. Pure: texts in, answers out.
class ignore_rules {
 public:
  /// Adds the rules of a .gitignore file that lies in `folder`. Of several for one folder the later ones count more, of
  /// several folders the deeper ones.
  void add(std::string_view folder, std::string_view text);

  /// Whether the path is ignored, by itself or because a folder above it is: nothing brings back what lies in an
  /// ignored folder.
  bool ignored(std::string_view path, bool is_folder) const;

 private:
  bool ignored_itself(std::string_view path, bool is_folder) const;

  std::map<std::string, std::vector<ignore_pattern>, std::less<>> rules_;  ///< by folder
};

}  // namespace kelvin
