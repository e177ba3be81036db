#pragma once

#include "emulator/sandbox/control_groups.hpp"
#include "emulator/sandbox/descriptor.hpp"
#include "runtime-api/base/result.hpp"

#include <sys/types.h>

#include <string>

namespace kelvin {

/// kelvin's end of the spawner: a small single-threaded process that forks the keepers, each of which
/// starts and owns one process tree, and that outlives kelvin just long enough to see that nothing
/// which kelvin started does. Not for use from several threads.
class spawner {
 public:
  /// Forks the spawner. To be called first thing in main, while the process is small and before any
  /// io_context or thread exists; the child never returns. `scratch_folder`, an absolute path that
  /// need not exist yet, is removed with all it holds once kelvin and all its processes are gone;
  /// empty: none. So are `groups`, in which the keepers stand. Errors: invalid_argument, system_failure.
  static result<spawner> fork_early(std::string scratch_folder = {}, control_groups groups = {});

  spawner(spawner&& other) noexcept;
  spawner& operator=(spawner&& other) noexcept;
  /// Lets the spawner end and waits until it has (bounded). All keepers' sockets must be closed before.
  ~spawner();

  /// kelvin's end of a new keeper's socket, non-blocking. Messages may be sent at once. Forks another
  /// spawner first if this one was killed. Errors: limit_reached, system_failure.
  result<descriptor> request_keeper();
  /// Forks another spawner in place of one that ended.
  result<void> restart();

  const control_groups& groups() const noexcept { return groups_; }
  pid_t process_id() const noexcept { return process_id_; }
  /// Readable once the spawner has ended, which it only does by itself at kelvin's end.
  int link() const noexcept { return link_.get(); }

 private:
  spawner(std::string scratch_folder, control_groups groups)
      : scratch_folder_(std::move(scratch_folder)), groups_(std::move(groups)) {}
  void end() noexcept;

  std::string scratch_folder_;
  control_groups groups_;
  descriptor link_;
  pid_t process_id_ = 0;
};

}  // namespace kelvin
