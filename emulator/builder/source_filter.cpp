#include "emulator/builder/source_filter.hpp"

#include "emulator/builder/build_limits.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace kelvin {
namespace {

/// What a build in place and editors write beside the sources. Without it a Makefile that has no .gitignore beside it
/// would be built again because of its own objects.
constexpr std::string_view never_sources =
    ".git\n"
    "node_modules\n"
    ".aws-sam\n"
    "__pycache__\n"
    "*.o\n"
    "*.a\n"
    "*.d\n"
    "*.so\n"
    "*.zip\n"
    "*.tmp\n"
    "*~\n"
    "*-go-tmp-umask\n"  // with which go build tries what a new file may be
    ".#*\n"
    "\\#*#\n"
    "*.sw?\n"
    "4913\n";  // with which vim tries whether it may write

}  // namespace

std::string repository_of(const project_files& files, const std::string& path) {
  std::string folder = path;
  for (std::size_t level = 0; level <= limits::build_folder_levels && !folder.empty(); ++level) {
    if (files.is_folder(folder + "/.git") || files.is_file(folder + "/.git")) {
      return folder;
    }
    folder = parent_folder(folder);
  }
  return {};
}

source_filter::source_filter(const project_files& files, std::string root, std::vector<std::string> outputs)
    : files_(files), root_(std::move(root)), outputs_(std::move(outputs)) {
  top_ = repository_of(files, root_);
  if (top_.empty()) {
    top_ = root_;
  }
  forget();
}

bool source_filter::wanted(const std::string& path, bool is_folder) {
  if (!path_within(root_, path)) {
    return false;
  }
  const bool output = std::any_of(outputs_.begin(), outputs_.end(),
                                  [&](const std::string& each) { return path_within(each, path).has_value(); });
  if (output) {
    return false;
  }
  read_rules_above(path);
  return !rules_.ignored(path_within(top_, path).value_or(""), is_folder);
}

void source_filter::forget() {
  rules_ = {};
  read_.clear();
  rules_.add("", never_sources);
}

void source_filter::read_rules_above(const std::string& path) {
  for (std::string folder = path; folder != top_;) {
    folder = parent_folder(folder);
    const auto within = path_within(top_, folder);
    if (!within || !read_.insert(*within).second) {
      return;
    }
    if (const auto text = files_.text_of(folder + "/.gitignore")) {
      rules_.add(*within, *text);
    }
  }
}

}  // namespace kelvin
