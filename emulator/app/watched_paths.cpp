#include "emulator/app/watched_paths.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

/// What marks the folder that a build writes into.
constexpr std::array build_marks = {"CMakeCache.txt", "build.ninja", ".ninja_log", "Makefile", "go.mod", "Cargo.toml"};
constexpr std::array<std::string_view, 2> left_out_folders = {"CMakeFiles", "__pycache__"};
constexpr std::array<std::string_view, 9> left_out_endings = {".o",   ".d",   ".a",   ".pyc", ".tmp",
                                                              ".swp", ".swx", ".bak", "~"};

/// A script's other files are code too, whatever lies beside them.
bool is_script(const std::string& bootstrap) {
  std::error_code error;
  std::array<char, 2> head{};
  // Asked first: to open a pipe would wait for its writer.
  return fs::is_regular_file(bootstrap, error) &&
         std::ifstream(bootstrap, std::ios::binary).read(head.data(), head.size()) &&
         std::string_view(head.data(), head.size()) == "#!";
}

bool is_built_in(const std::string& folder) {
  std::error_code error;
  return !is_script(folder + "/bootstrap") &&
         std::any_of(build_marks.begin(), build_marks.end(),
                     [&](const char* mark) { return fs::exists(folder + "/" + mark, error); });
}

}  // namespace

watched_artifact watched_paths(const std::string& target, const std::vector<std::string>& layers) {
  watched_artifact made;
  std::error_code error;
  if (fs::is_directory(target, error)) {
    made.file = target + "/bootstrap";
    made.paths.push_back(is_built_in(target) ? made.file : target);
  } else {
    made.kind = target.ends_with(".zip") ? artifact_kind::archive : artifact_kind::program;
    made.file = target;
    made.paths.push_back(target);
  }
  made.paths.insert(made.paths.end(), layers.begin(), layers.end());
  return made;
}

bool is_part_of_code(std::string_view path, bool is_folder) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with('.')) {
    return false;
  }
  if (is_folder) {
    return std::find(left_out_folders.begin(), left_out_folders.end(), name) == left_out_folders.end();
  }
  return std::none_of(left_out_endings.begin(), left_out_endings.end(),
                      [name](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace kelvin
