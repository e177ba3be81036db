#pragma once

#include "emulator/watch/binary_wholeness.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <string>

namespace kelvin {

/// What an artifact has to be before it may be used.
enum class artifact_kind {
  program,   ///< a bootstrap: never empty, whole where its own headers say so, executable
  archive,   ///< a .zip: never empty, whole
  document,  ///< a template, an env file, anything else: may be empty
};

/// Whether somebody has a file open for writing.
enum class writer_state { none, open, unknown };

/// One look at an artifact. Two looks that are equal saw the same content.
struct artifact_facts {
  bool exists = false;
  bool is_regular = false;  ///< after following links; a folder, a pipe or a device is not
  bool is_executable = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;  ///< permission bits
  std::uint64_t size_bytes = 0;
  std::int64_t modified_ns = 0;        ///< since the epoch
  std::int64_t status_changed_ns = 0;  ///< since the epoch; moves with every write, also where mtime is set back
  writer_state writer = writer_state::unknown;
  wholeness whole = wholeness::unknown;

  friend bool operator==(const artifact_facts&, const artifact_facts&) = default;
};

/// Looks at what `path` leads to. What is not there is no failure. For a document neither headers nor writers are
/// looked at. Errors: permission_denied, system_failure.
result<artifact_facts> look_at_artifact(const std::string& path, artifact_kind kind);

/// The same for an open file, by whatever name it was opened.
artifact_facts look_at_open_artifact(int descriptor, artifact_kind kind);

/// Whether somebody has the file open for writing; unknown where the file system or the file's owner does not let us
/// ask. `descriptor` must be open for reading only.
writer_state find_writer(int descriptor);

}  // namespace kelvin
