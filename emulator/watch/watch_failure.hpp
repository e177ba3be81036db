#pragma once

#include "runtime-api/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// What the kernel allows one user (/proc/sys/fs/inotify); nullopt where it could not be read.
struct inotify_limits {
  std::optional<unsigned long> watches;
  std::optional<unsigned long> watchers;  ///< max_user_instances
};
inotify_limits read_inotify_limits();

/// inotify could not be opened. limit_reached with the present limit and the line that raises it, else system_failure.
failure watcher_failure(int error, const inotify_limits& limits);

/// A folder could not be watched. limit_reached as above; not_found, permission_denied, else system_failure.
failure watch_failure(int error, std::string_view path, const inotify_limits& limits);

/// kelvin's own bound was met, limits::watches unless a test chose another. limit_reached.
failure too_many_watches(std::string_view path, std::size_t watches);

}  // namespace kelvin
