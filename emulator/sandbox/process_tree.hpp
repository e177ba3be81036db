#pragma once

#include <sys/types.h>

#include <span>
#include <string_view>
#include <vector>

namespace kelvin {

/// Whether the kernel lists a process's children (CONFIG_PROC_CHILDREN).
bool kernel_lists_children() noexcept;

/// Appends the children of `process`, found by reading the parent of every process of the machine: what
/// the functions below do where the kernel lists no children.
void append_children_by_search(pid_t process, std::vector<pid_t>& children);

/// Appends the children of all threads of `process`. A process that is gone has none.
void append_children(pid_t process, std::vector<pid_t>& children);

/// Every descendant of `process`, parents before their children, as of some moment during the call:
/// whoever must find all has to repeat until none is left.
std::vector<pid_t> descendants_of(pid_t process);

/// Whether a thread of one of them runs, or would run if it had a CPU.
bool any_thread_wants_cpu(pid_t process);

/// Sends a signal to each of them.
void signal_descendants(pid_t process, int number);

/// What /proc/PROCESS/NAME holds, as far as `space` has room; ended by a NUL behind it. Empty: the process is gone.
std::string_view read_process_file(pid_t process, const char* name, std::span<char> space);

/// The fields of /proc/PROCESS/stat from the third on, the state; null: the process is gone.
const char* read_process_stat(pid_t process, std::span<char> space);

}  // namespace kelvin
