#include "emulator/builder/project_search.hpp"

#include <algorithm>

namespace kelvin {
namespace {

/// A value of a CMakeCache.txt, `NAME:TYPE=VALUE`; empty where there is none.
std::string cache_value(std::string_view text, std::string_view name) {
  const std::string start = std::string(name) + ":";
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t equals = line.find('=');
    if (line.starts_with(start) && equals != std::string_view::npos) {
      return std::string(line.substr(equals + 1));
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

/// A .zip is no part of what aws-lambda-cpp's `aws_lambda_package_target` builds by default: its target is named.
std::string package_target(const project_search& search, const std::string& sources, const project_files& files) {
  std::string name = last_name(search.artifact);
  const auto lists = files.text_of(sources + "/CMakeLists.txt");
  if (!name.ends_with(".zip") || !lists || lists->find("aws_lambda_package_target(") == std::string::npos) {
    return {};
  }
  name.resize(name.size() - 4);
  return " --target " + shell_word("aws-lambda-package-" + name);
}

}  // namespace

std::optional<recognised_build> recognise_cmake(const project_search& search, const project_files& files) {
  for (const std::string& folder : search.folders) {
    const auto cache = files.text_of(folder + "/CMakeCache.txt");
    const std::string sources = cache ? cache_value(*cache, "CMAKE_HOME_DIRECTORY") : "";
    if (sources.empty()) {
      continue;
    }
    recognised_build made;
    made.kind = build_kind::cmake;
    made.command = "cmake --build " + shell_word(folder) + package_target(search, sources, files);
    made.folder = sources;
    made.artifact = search.artifact;
    made.sources = {sources};
    made.outputs = {folder};
    if (folder == sources) {
      // Configured in place: what CMake and its generators write stands between the sources.
      made.outputs = {search.artifact,        folder + "/CMakeFiles",          folder + "/CMakeCache.txt",
                      folder + "/Makefile",   folder + "/cmake_install.cmake", folder + "/build.ninja",
                      folder + "/.ninja_log", folder + "/.ninja_deps",         folder + "/Testing"};
    }
    made.sentence = "built by `" + made.command + "`, because " + folder + " is CMake's build folder of " + sources;
    return made;
  }
  return std::nullopt;
}

}  // namespace kelvin
