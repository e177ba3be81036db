#include "emulator/builder/project_files.hpp"

#include "emulator/builder/build_limits.hpp"
#include "emulator/sandbox/child_command.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace kelvin {

bool disk_project_files::is_file(const std::string& path) const {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

bool disk_project_files::is_folder(const std::string& path) const {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

std::vector<std::string> disk_project_files::names_in(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator each(folder, error);
  for (; !error && each != std::filesystem::directory_iterator(); each.increment(error)) {
    names.push_back(each->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> disk_project_files::text_of(const std::string& path) const {
  // Asked first: to open a pipe would wait for its writer.
  if (!is_file(path)) {
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(limits::project_file_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || !file.eof()) {
    return std::nullopt;
  }
  return text;
}

std::string disk_project_files::real_path(const std::string& path) const {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

bool disk_project_files::has_command(const std::string& name) const {
  return find_command(name, variables_).has_value();
}

std::string parent_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || path == "/") {
    return {};
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string last_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::optional<std::string> path_within(const std::string& folder, const std::string& path) {
  if (path == folder) {
    return std::string();
  }
  const std::string prefix = folder == "/" ? folder : folder + "/";
  return path.starts_with(prefix) ? std::optional(path.substr(prefix.size())) : std::nullopt;
}

}  // namespace kelvin
