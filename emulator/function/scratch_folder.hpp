#pragma once

#include "runtime-api/base/result.hpp"

#include <string>
#include <string_view>

namespace kelvin {

/// A private folder for what kelvin unpacks. Its path is known from the start, so that another
/// process can remove it should this one be killed; it is made only when somebody needs it.
class scratch_folder {
 public:
  /// Chooses `$TMPDIR/kelvin-<16 hex digits>`; without TMPDIR, or if it is not an absolute path, below /tmp.
  scratch_folder();
  /// The same below `parent`, an absolute path.
  explicit scratch_folder(std::string_view parent);
  /// A part of another one, which must outlive this, so that it can be removed before the rest.
  explicit scratch_folder(scratch_folder& whole);
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  /// Removes the folder and what is in it, but only in the process that constructed it.
  ~scratch_folder();

  const std::string& path() const noexcept { return path_; }

  /// Makes a new empty folder `<path>/<label>-<count>` with mode 0700 and returns its path.
  /// Errors: permission_denied, system_failure, both naming the folder and TMPDIR.
  result<std::string> make_folder(std::string_view label);

 private:
  result<void> ensure();

  std::string path_;
  scratch_folder* whole_ = nullptr;
  int owner_process_id_;
  bool made_ = false;
  unsigned count_ = 0;
};

/// Removes a folder tree, also where its folders' own modes forbid it. Errors are ignored: there is
/// nobody left to tell.
void remove_tree(const std::string& path) noexcept;

}  // namespace kelvin
