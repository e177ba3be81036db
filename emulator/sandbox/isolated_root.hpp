#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_message.hpp"

#include <sys/types.h>

#include <cstdint>

namespace kelvin {

/// What the new root of an isolated process holds besides the machine's own folders.
struct root_plan {
  const char* code_folder = nullptr;
  const char* layer_folder = nullptr;      ///< empty: /opt is an empty folder
  const char* program_snapshot = nullptr;  ///< a file to be bound over `program`; empty: none is
  const char* program = nullptr;           ///< as the process sees it
  file_identity code_identity;             ///< what must be found at code_folder
  file_identity layer_identity;
  std::uint64_t tmp_bytes = 0;
  int kept_tmp = -1;  ///< a /tmp that an earlier root gave back; -1: a new one
};

/// How far the set-up came.
struct root_outcome {
  start_step step = start_step::none;  ///< none: the process stands in its new root
  int error = 0;
  char subject[sizeof(keeper_report::subject)] = {};
  descriptor kept_tmp;  ///< keeps /tmp for the next root; may be there after a failure as well
};

/// `started` or `failed`, as kelvin is told.
keeper_report to_report(const root_outcome& outcome) noexcept;

/// The namespaces to clone with: mount and pid, and a user namespace for whoever may not mount without.
unsigned long namespaces_needed() noexcept;

/// The folder or file that a path leads to, or a descriptor with an empty path; none if that cannot be told.
file_identity identity_of(int folder, const char* path) noexcept;

/// The root of the first process of new namespaces, made there in two steps: what every function sees can
/// be built long before it is known which function will see it.
class isolated_root {
 public:
  /// Maps the user (`user` and `group` are its numbers outside) where there is a new user namespace, builds
  /// a root of the machine's top-level folders as they are mounted now, read-only, and moves there.
  bool build(unsigned long namespaces, uid_t user, gid_t group) noexcept;
  /// Adds the function's folders and /tmp, takes the capabilities to manage the machine away, and bounds
  /// the processes inside a user namespace. Fails with the step of a build that failed, and with ESTALE
  /// where a path leads elsewhere than expected: something was mounted on the machine since the build.
  bool enter(const root_plan& plan) noexcept;
  root_outcome& outcome() noexcept { return outcome_; }

 private:
  root_outcome outcome_;
  descriptor machine_;  ///< the machine's root, until the function is near
  bool user_namespace_ = false;
};

/// `mounting /proc`, `binding`: what a step of the set-up does, for messages.
const char* describe_isolation_step(start_step step) noexcept;

}  // namespace kelvin
