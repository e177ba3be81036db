#include "emulator/app/own_files.hpp"

#include "emulator/app/ready_line.hpp"

#include <algorithm>
#include <filesystem>

namespace kelvin {

namespace fs = std::filesystem;

std::vector<std::string> own_files(const settings& chosen) {
  std::vector<std::string> made;
  for (const char* stream : {"/proc/self/fd/1", "/proc/self/fd/2"}) {
    std::error_code error;
    if (const fs::path path = fs::read_symlink(stream, error); !error && path.is_absolute()) {
      made.push_back(path.string());
    }
  }
  if (!chosen.ready_file.empty()) {
    std::error_code error;
    made.push_back(fs::weakly_canonical(chosen.ready_file, error).string());
    made.push_back(made.back() + std::string(unfinished_suffix));
  }
  return made;
}

bool is_own_file(const std::vector<std::string>& own, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return std::any_of(own.begin(), own.end(), [&](const std::string& each) {
    std::error_code error;
    return std::string_view(each).substr(each.rfind('/') + 1) == name &&
           fs::weakly_canonical(fs::path(path), error).string() == each;
  });
}

}  // namespace kelvin
