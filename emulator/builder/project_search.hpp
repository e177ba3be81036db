#pragma once

#include "emulator/builder/recognise_build.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// A function's artifact, and the folders in which its project may be.
struct project_search {
  std::string artifact;              ///< its links followed
  bool is_folder = false;            ///< the artifact is one, with `bootstrap` in it
  std::vector<std::string> folders;  ///< from the artifact's own upwards

  /// The file that a build has to make.
  std::string file() const { return is_folder ? artifact + "/bootstrap" : artifact; }
};

project_search begin_search(const std::string& artifact, const project_files& files);

/// `none`, for the reason given, and what to do.
recognised_build not_recognised(const project_search& search, const std::string& why);

/// One way to build each: nullopt where it is not that in `folder`.
std::optional<recognised_build> recognise_cmake(const project_search& search, const project_files& files);
std::optional<recognised_build> recognise_cargo(const project_search& search, const std::string& folder,
                                                const project_files& files);
std::optional<recognised_build> recognise_go(const project_search& search, const std::string& folder,
                                             const project_files& files);
std::optional<recognised_build> recognise_make(const project_search& search, const std::string& folder,
                                               const project_files& files);
std::optional<recognised_build> recognise_npm(const project_search& search, const std::string& folder,
                                              const project_files& files);

/// A template's BuildMethod.
recognised_build recognise_method(const build_question& asked, const project_files& files);

/// The value of `name = "value"` in a section of a Cargo.toml; empty where there is none.
std::string cargo_value(std::string_view text, std::string_view section, std::string_view name);
/// Whether a Cargo.toml has that section.
bool has_cargo_section(std::string_view text, std::string_view section);
/// Whether a package.json has a `build` script.
bool has_build_script(const std::string& text);

}  // namespace kelvin
