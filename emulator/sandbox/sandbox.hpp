#pragma once

#include "emulator/sandbox/descriptor.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/lifecycle_event.hpp"
#include "runtime-api/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// Keeps the private /tmp of an execution environment alive between two of its processes. Empty at
/// first; the sandbox factory fills it.
struct kept_tmp {
  descriptor mount;
};

/// Isolation level `lambda`: namespaces of the process's own, in which it sees the machine read-only,
/// its code at /var/task, its layers at /opt, a private /tmp, and no process but its own.
struct isolation_specification {
  std::string code_folder;   ///< absolute; bound read-only at /var/task
  std::string layer_folder;  ///< absolute; bound read-only at /opt; empty: an empty folder stands there
  std::uint64_t tmp_bytes = 0;
  /// Where /tmp survives, for the next start of the same environment; null: it ends with the process.
  std::shared_ptr<kept_tmp> tmp;
  /// Absolute; bound over the program, whose own file may then be replaced while it runs; empty: nothing is.
  std::string program_snapshot{};
};

/// What a process tree may use beyond what every tree may. Where the machine has no means for one of them,
/// it is not in force (README: limits).
struct resource_limits {
  /// CPU time per cpu_period while the tree has an invocation; absent: as much as there is.
  std::optional<std::chrono::microseconds> cpu_quota{};
  std::optional<std::uint64_t> memory_bytes{};  ///< anonymous and shared, files in /tmp not counted
  bool frozen_when_idle = false;
};

/// What a process tree is there for at the moment: which of its limits are in force.
enum class activity {
  init,    ///< its init phase: full CPU
  invoke,  ///< it has an invocation
  idle,    ///< it has none
  ending,  ///< it must do nothing more: its processes are killed at once, and stop() follows
};

/// What to run. `program` is exec'd as it is and is argv[0].
struct process_specification {
  std::string program;
  std::vector<std::string> arguments;  ///< behind argv[0]
  std::vector<std::string> variables;  ///< the whole environment, `NAME=value`
  std::string working_directory;
  /// Absent: level `host`. With it, program and working directory are paths as the process sees them.
  std::optional<isolation_specification> isolation{};
  resource_limits limits{};
  /// It stands still before its first instruction, the program already in memory, until something continues it
  /// (SIGCONT, a debugger). At level `host` only.
  bool stopped = false;
};

/// How the first process of a sandbox ended.
struct exit_status {
  bool signaled = false;
  int value = 0;      ///< exit status, or the signal's number
  bool lost = false;  ///< its keeper was killed: status unknown, taken as SIGKILL
  std::chrono::microseconds cpu_user{};
  std::chrono::microseconds cpu_system{};
  std::uint64_t max_resident_bytes = 0;  ///< its own peak, pages of files included
};

/// Told what happens in a sandbox. Never called from inside a call to the sandbox, except
/// on_output_line from drain_output.
class sandbox_observer {
 public:
  virtual ~sandbox_observer() = default;
  /// One line without its newline; a line over limits::log_line_bytes comes in pieces of that size.
  virtual void on_output_line(output_stream stream, std::string_view line) = 0;
  /// The first process ended (its descendants may live on until stop()). Called once.
  virtual void on_exit(const exit_status& status) = 0;
  /// It has used up its memory: its processes were killed. Called at most once, before on_exit.
  virtual void on_memory_exhausted() = 0;
};

/// One process tree, started and owned. Destroying it kills the tree without waiting.
class sandbox {
 public:
  virtual ~sandbox() = default;

  virtual int process_id() const noexcept = 0;
  virtual steady_time start_requested() const noexcept = 0;
  /// When the process called exec: from here on its time is the function's own.
  virtual steady_time executed() const noexcept = 0;

  /// Delivers everything that the pipes hold at this moment, unfinished last lines included only if
  /// the pipe is at its end. Bounded by the pipes' capacity.
  virtual void drain_output() = 0;
  /// The limits of this activity are in force when it returns; `init` is where a sandbox begins.
  virtual void enter(activity now) = 0;
  /// SIGTERM to the first process's group.
  virtual void terminate() = 0;
  /// SIGKILL to the whole tree, `setsid` descendants included; returns when none is left and the
  /// pipes are read dry (the last lines, finished or not, are delivered).
  virtual awaitable<void> stop() = 0;
  /// Whether a thread of the tree runs, or would run if it had a CPU.
  virtual bool wants_cpu() const = 0;
  /// Highest seen sum of anonymous and shared memory of the tree, sampled now unless the last sample is
  /// younger than `most_age`.
  virtual std::uint64_t sample_max_memory_bytes(duration most_age) = 0;
};

/// Starts sandboxes.
class sandbox_factory {
 public:
  virtual ~sandbox_factory() = default;
  /// Errors: not_executable (the detail is AWS's `fork/exec <path>: <reason>`), limit_reached,
  /// system_failure. `observer` must outlive the sandbox.
  virtual awaitable<result<std::unique_ptr<sandbox>>> start(process_specification specification,
                                                            sandbox_observer& observer) = 0;
  /// A function that was started has finished its init: what the next start needs may be made ready now,
  /// and is not counted as that function's time.
  virtual void make_ready() {}
};

}  // namespace kelvin
