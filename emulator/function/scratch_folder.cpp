#include "emulator/function/scratch_folder.hpp"

#include "runtime-api/base/request_id.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace kelvin {
namespace {

std::string temporary_parent() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && chosen[0] == '/' ? chosen : "/tmp";
}

failure cannot_make(const std::string& path, int error) {
  return fail(error == EACCES || error == EROFS || error == EPERM ? errc::permission_denied : errc::system_failure,
              "cannot make the scratch folder " + path + ": " + std::strerror(error) +
                  "; set TMPDIR to a folder that can be written to");
}

}  // namespace

scratch_folder::scratch_folder() : scratch_folder(temporary_parent()) {}

scratch_folder::scratch_folder(std::string_view parent) : path_(parent), owner_process_id_(getpid()) {
  while (path_.size() > 1 && path_.back() == '/')
    path_.pop_back();
  std::array<char, 32> digits;
  path_.append("/kelvin-").append(random_hexadecimal(digits, 16));
}

scratch_folder::scratch_folder(scratch_folder& whole) : scratch_folder(whole.path_) {
  whole_ = &whole;
}

scratch_folder::~scratch_folder() {
  if (made_ && getpid() == owner_process_id_)
    remove_tree(path_);
}

result<void> scratch_folder::ensure() {
  if (made_)
    return {};
  if (whole_ != nullptr) {
    if (auto made = whole_->ensure(); !made)
      return made;
  }
  // An existing folder is somebody else's: mkdir must be the one that makes it.
  if (mkdir(path_.c_str(), 0700) != 0)
    return cannot_make(path_, errno);
  made_ = true;
  return {};
}

result<std::string> scratch_folder::make_folder(std::string_view label) {
  if (auto made = ensure(); !made)
    return made.error();
  std::string folder = path_ + "/" + std::string(label) + "-" + std::to_string(++count_);
  if (mkdir(folder.c_str(), 0700) != 0)
    return cannot_make(folder, errno);
  return folder;
}

void remove_tree(const std::string& path) noexcept {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::remove_all(path, ignored);
  if (!ignored)
    return;
  // A function's own folders may lack the owner's write bit.
  fs::recursive_directory_iterator entry(path, ignored), end;
  while (!ignored && entry != end) {
    std::error_code skipped;
    if (!entry->is_symlink(skipped) && entry->is_directory(skipped)) {
      fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, skipped);
    }
    entry.increment(ignored);
  }
  fs::remove_all(path, ignored);
}

}  // namespace kelvin
