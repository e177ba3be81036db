#pragma once

#include "emulator/watch/artifact_facts.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace kelvin {

/// A copy of one version of a bootstrap, so that a build can replace the original while the copy runs. It is removed
/// with this; a process that runs it goes on.
class snapshot {
 public:
  snapshot(std::string path, artifact_facts source, bool is_shared);
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  ~snapshot();

  const std::string& path() const noexcept { return path_; }
  /// The original as it was copied.
  const artifact_facts& source() const noexcept { return source_; }
  /// Whether the file system shares the original's blocks (a reflink): nothing was copied.
  bool is_shared() const noexcept { return is_shared_; }

 private:
  std::string path_;
  artifact_facts source_;
  bool is_shared_;
};

/// Where snapshots go.
class snapshot_folder {
 public:
  /// `path`: an existing folder of kelvin's own, best on the originals' file system, where a reflink may do.
  explicit snapshot_folder(std::string path) : path_(std::move(path)) {}

  /// Copies the program `source` (absolute) leads to, with its permission bits and name, into a folder of its own in
  /// this one: by reflink, else in pieces with a turn of the loop after each. The copy is of one state of the file,
  /// that nobody was writing and that is whole; a file that changes meanwhile is copied again,
  /// limits::snapshot_attempts times. A copy that fails leaves nothing behind. Both this and the loop must outlive the
  /// call. Errors: not_found, permission_denied, invalid_argument (no regular file), invalid_state (it is being
  /// written, or incomplete: wait for the next change), limit_reached (the disk is full: the bytes needed and free),
  /// system_failure.
  awaitable<result<std::shared_ptr<const snapshot>>> take(std::string source);

 private:
  std::string path_;
  std::uint64_t count_ = 0;
};

}  // namespace kelvin
