#include "emulator/app/watched_paths.hpp"

#include "emulator/function/unzip.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

/// What marks the folder that a build writes into.
constexpr std::array build_marks = {"CMakeCache.txt", "build.ninja", ".ninja_log", "Makefile", "go.mod", "Cargo.toml"};
constexpr std::array<std::string_view, 2> left_out_folders = {"CMakeFiles", "__pycache__"};
constexpr std::array<std::string_view, 10> left_out_endings = {".o",   ".d",   ".a",   ".pyc", ".tmp",
                                                               ".swp", ".swx", ".bak", "~",    "-go-tmp-umask"};

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

code_location locate_code(const std::string& target, std::vector<std::string> layers) {
  std::error_code error;
  const bool is_folder = fs::is_directory(target, error);
  return {target, is_folder, !is_folder && is_zip(target), std::move(layers)};
}

watched_artifact find_artifact(const code_location& code) {
  if (!code.is_folder) {
    return {code.is_archive ? artifact_kind::archive : artifact_kind::program, code.target};
  }
  std::error_code error;
  const std::string own = code.target + "/bootstrap";
  if (fs::symlink_status(own, error).type() != fs::file_type::not_found) {
    return {artifact_kind::program, own};
  }
  for (auto layer = code.layers.rbegin(); layer != code.layers.rend(); ++layer) {
    const std::string inside = *layer + "/bootstrap";
    if (fs::exists(inside, error)) {
      return {artifact_kind::program, inside};
    }
    if (fs::is_regular_file(*layer, error)) {
      return {artifact_kind::archive, *layer};
    }
  }
  return {artifact_kind::program, own};
}

std::vector<std::string> watched_paths(const code_location& code) {
  const bool by_its_bootstrap = code.is_folder && is_built_in(code.target);
  std::vector<std::string> paths{by_its_bootstrap ? code.target + "/bootstrap" : code.target};
  paths.insert(paths.end(), code.layers.begin(), code.layers.end());
  return paths;
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
