#include "emulator/app/source_age.hpp"

#include "emulator/builder/source_filter.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

fs::file_time_type modified(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  return error ? fs::file_time_type::min() : time;
}

}  // namespace

bool has_newer_source(const std::vector<std::string>& folders, const std::vector<std::string>& outputs,
                      const std::vector<std::string>& artifacts, const project_files& files, std::size_t files_max) {
  auto made = fs::file_time_type::max();
  for (const std::string& each : artifacts) {
    made = std::min(made, modified(each));
  }
  if (made == fs::file_time_type::min()) {
    return true;
  }
  std::size_t seen = 0;
  for (const std::string& folder : folders) {
    source_filter filter(files, folder, outputs);
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      const bool is_folder = entry->is_directory(ignored);
      if (!filter.wanted(entry->path().string(), is_folder)) {
        if (is_folder) {
          entry.disable_recursion_pending();
        }
        continue;
      }
      if (++seen > files_max || (!is_folder && modified(entry->path()) > made)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace kelvin
