#pragma once

#include "emulator/sandbox/keeper_link.hpp"
#include "emulator/sandbox/posix_sandbox_factory.hpp"
#include "runtime-api/base/one_shot.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// A command line as a shell would run it.
struct command_specification {
  std::string command;                 ///< a path, or a name to be found by the PATH of `variables`
  std::vector<std::string> arguments;  ///< behind the command
  std::vector<std::string> variables;  ///< the whole environment, `NAME=value`
  std::string working_directory;       ///< empty: kelvin's own
  /// Standard input, output and error; kelvin's own unless said otherwise. They stay the caller's.
  std::array<int, 3> standard_streams{0, 1, 2};
};

/// Finds a command as execvpe does: a name with a slash is a path; any other is looked for in the folders of
/// the PATH of `variables` (without one: /bin and /usr/bin). Errors: not_found, not_executable.
result<std::string> find_command(const std::string& command, const std::vector<std::string>& variables);

/// A command that runs beside kelvin, by default with kelvin's own standard streams, in its process group (so that the
/// terminal's keys reach it), but cannot outlive it. Destroying it kills what is left of it.
class child_command {
 public:
  /// Errors: not_found (a shell would say 127), not_executable (126), invalid_argument, limit_reached and
  /// system_failure (kelvin's own). The factory must outlive the command.
  static awaitable<result<std::unique_ptr<child_command>>> start(posix_sandbox_factory& factory,
                                                                 command_specification specification);
  ~child_command();
  child_command(const child_command&) = delete;
  child_command& operator=(const child_command&) = delete;

  int process_id() const noexcept { return process_id_; }
  /// Sends a signal to the command alone; nothing once it has ended.
  void signal(int number) noexcept { keeper_->signal(number); }
  /// Asks the command and all it has started to end (SIGTERM); what has not within `grace` is killed. wait() returns
  /// when none is left. To be called at most once.
  void end(std::chrono::milliseconds grace) noexcept { keeper_->end(grace); }
  /// Waits, without a deadline, for the command's end, then kills the processes it left behind. To be
  /// called once.
  awaitable<exit_status> wait();

 private:
  child_command(std::shared_ptr<keeper_link> keeper, int process_id);

  std::shared_ptr<keeper_link> keeper_;
  int process_id_;
  one_shot<exit_status> exit_;
};

}  // namespace kelvin
