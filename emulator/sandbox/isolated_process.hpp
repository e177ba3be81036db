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

/// The whole life of the first process of new namespaces, made by a process of this user and group; `link`
/// leads to that process.
using first_process = void (*)(unsigned long namespaces, uid_t user, gid_t group, int link);

/// New namespaces with a first process of their own, which does not return from `run`. `closed_inside` is a
/// socket of the caller's that must not stay open inside, or -1. Forks without running what a library may have
/// registered for forks. Preconditions: as start_child.
isolated_place clone_isolated(first_process run, int closed_inside) noexcept;

/// Returns at once: a root that cannot be built is told by the start. `closed_inside` and
/// preconditions: as clone_isolated.
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

}  // namespace kelvin
