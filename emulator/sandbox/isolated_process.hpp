#pragma once

#include "emulator/sandbox/child_process.hpp"
#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/isolated_root.hpp"

#include <sys/types.h>

namespace kelvin {

/// A started tree in namespaces of its own.
struct isolated_outcome {
  pid_t init = 0;        ///< the namespaces' first process; 0 if the start failed
  descriptor link;       ///< from init: one keeper_report when the first process has ended
  descriptor kept_tmp;   ///< keeps /tmp for the next start
  keeper_report report;  ///< of the start; process_id is the program's
};

/// Starts a program in new namespaces, behind an init: their first process, which takes in orphans,
/// passes SIGTERM on to the program's group and reports the program's end. (As first process itself, a
/// program could neither abort nor be terminated.) Killing init kills all; so does closing `link`.
/// `closed_inside` is the caller's socket, which must not stay open inside.
/// Preconditions: as start_child.
isolated_outcome start_isolated(child_plan& plan, const root_plan& root, int closed_inside) noexcept;

/// Forks without running what a library may have registered for forks: `flags` are clone's. Returns as fork.
pid_t clone_process(unsigned long flags) noexcept;

}  // namespace kelvin
