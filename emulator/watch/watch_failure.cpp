#include "emulator/watch/watch_failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace kelvin {
namespace {

std::optional<unsigned long> read_number(const char* path) {
  unsigned long number = 0;
  std::ifstream file(path);
  return file >> number ? std::optional(number) : std::nullopt;
}

/// `(name is 128); raise it: sudo sysctl name=512`, and how it stays.
std::string how_to_raise(const std::string& name, std::optional<unsigned long> present, unsigned long at_least) {
  const std::string line = name + "=" + std::to_string(std::max(at_least, present.value_or(0) * 4));
  return " (" + name + (present ? " is " + std::to_string(*present) : " could not be read") +
         "); raise it: sudo sysctl " + line + " (and put the line " + line +
         " into /etc/sysctl.d/60-inotify.conf to keep it)";
}

}  // namespace

inotify_limits read_inotify_limits() {
  return {read_number("/proc/sys/fs/inotify/max_user_watches"), read_number("/proc/sys/fs/inotify/max_user_instances")};
}

failure watcher_failure(int error, const inotify_limits& limits) {
  if (error == EMFILE) {
    return fail(errc::limit_reached,
                "cannot watch files: this user's programs have opened inotify as often as they may" +
                    how_to_raise("fs.inotify.max_user_instances", limits.watchers, 512) +
                    "; or kelvin is out of file descriptors: see ulimit -n");
  }
  return fail(errc::system_failure, std::string("cannot watch files: inotify_init1: ") + std::strerror(error));
}

failure watch_failure(int error, std::string_view path, const inotify_limits& limits) {
  const std::string what = "cannot watch " + std::string(path) + ": ";
  switch (error) {
    case ENOSPC:
      return fail(errc::limit_reached, what + "this user's programs watch as many files as they may" +
                                           how_to_raise("fs.inotify.max_user_watches", limits.watches, 524'288));
    case ENOENT:
    case ENOTDIR: return fail(errc::not_found, what + "it is gone");
    case EACCES:
    case EPERM:
      return fail(errc::permission_denied,
                  what + "permission denied; changes in it are not noticed unless this user may read it");
    default: return fail(errc::system_failure, what + "inotify_add_watch: " + std::strerror(error));
  }
}

failure too_many_watches(std::string_view path, std::size_t watches) {
  return fail(errc::limit_reached, "cannot watch " + std::string(path) + ": kelvin already watches " +
                                       std::to_string(watches) +
                                       " folders, its limit; leave folders out, or watch a smaller folder");
}

}  // namespace kelvin
