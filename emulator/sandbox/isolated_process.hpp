#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_message.hpp"

#include <sys/types.h>

#include <span>
#include <string_view>

namespace kelvin {

/// New namespaces whose first process, an init, builds their root and then waits to be told what to run.
/// Killing init kills all in them; so does closing `link`.
struct isolated_place {
  pid_t init = 0;  ///< 0: none, `error` says why
  descriptor link;
  int error = 0;
};

/// Returns at once: a root that cannot be built is told by the start. `closed_inside` is the caller's
/// socket, which must not stay open inside. Preconditions: as start_child.
isolated_place prepare_isolated(int closed_inside) noexcept;

/// Kills and reaps what was prepared.
void abandon(isolated_place& place) noexcept;

/// A started tree in namespaces of its own.
struct isolated_outcome {
  descriptor kept_tmp;   ///< keeps /tmp for the next start
  keeper_report report;  ///< of the start; process_id is the program's
};

/// Has the place's init run a program: the packet and descriptors of a start order. init takes in orphans,
/// passes SIGTERM on to the program's group, and sends one keeper_report over `link` when the program has
/// ended. (As first process itself, a program could neither abort nor be terminated.) A place whose start
/// failed is abandoned.
isolated_outcome start_isolated(isolated_place& place, std::string_view message,
                                std::span<const int> descriptors) noexcept;

/// Forks without running what a library may have registered for forks: `flags` are clone's. Returns as fork.
pid_t clone_process(unsigned long flags) noexcept;

}  // namespace kelvin
