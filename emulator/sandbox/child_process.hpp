#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/keeper_message.hpp"

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>

namespace kelvin {

/// Everything the child needs, ready before the fork, for it may not allocate.
struct child_plan {
  child_kind kind = child_kind::sandbox;
  pid_t process_group = 0;  ///< to join, for a command
  const char* program = nullptr;
  char* const* arguments = nullptr;  ///< argv[0] included, ended by null
  char* const* variables = nullptr;  ///< ended by null
  const char* working_directory = nullptr;
  int standard_input = -1;  ///< the three are above 2
  int standard_output = -1;
  int standard_error = -1;
  /// The folder /proc of the pid namespace that kelvin sees; -1 where it is this process's own.
  int outer_processes = -1;
  bool stopped = false;  ///< stands still before the program's first instruction
};

struct child_outcome {
  pid_t process_id = 0;
  pid_t outer_process_id = 0;          ///< the same process as kelvin sees it; 0 without outer_processes
  start_step step = start_step::none;  ///< none: exec is done
  int error = 0;
  std::int64_t executed_ns = 0;
};

/// Runs the plan in a new process, which shares this one's memory until its exec, and returns when
/// exec is done or has failed. Preconditions: this process is single-threaded, all signals are
/// blocked, none has a handler, and every descriptor above 2 closes on exec.
child_outcome start_child(const child_plan& plan) noexcept;

/// A function has no terminal on AWS either. With one, whatever asks for a password on /dev/tty would
/// stop for good instead of failing.
void leave_terminal(descriptor terminal) noexcept;
/// The controlling terminal, empty where there is none.
descriptor open_terminal() noexcept;

/// Goes through a start whose exec must fail, so that a later one finds its code and its stack in memory.
/// Preconditions: as start_child.
void rehearse_start() noexcept;

/// `exited`, as kelvin is told: `process` as kelvin sees it, status and usage as wait4() gives them.
keeper_report exit_report(pid_t process, int wait_status, const rusage& usage) noexcept;

/// `started` or `failed`, as kelvin is told.
keeper_report to_report(const child_outcome& outcome) noexcept;

}  // namespace kelvin
