#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_message.hpp"

#include <sys/types.h>

#include <cstdint>

namespace kelvin {

/// What the new root of an isolated process holds besides the machine's own folders.
struct root_plan {
  const char* code_folder = nullptr;
  const char* layer_folder = nullptr;  ///< empty: /opt is an empty folder
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

/// The namespaces to clone with: mount and pid, and a user namespace for whoever may not mount without.
unsigned long namespaces_needed() noexcept;

/// To be called in the first process of new namespaces: maps the user (`user` and `group` are its
/// numbers outside) where there is a new user namespace, builds a root of the machine's top-level
/// folders, makes everything read-only but /tmp, and moves there. Takes the function's capabilities to
/// manage the machine away, and bounds its processes inside a user namespace.
root_outcome enter_isolated_root(const root_plan& plan, unsigned long namespaces, uid_t user, gid_t group) noexcept;

/// `mounting /proc`, `binding`: what a step of the set-up does, for messages.
const char* describe_isolation_step(start_step step) noexcept;

}  // namespace kelvin
