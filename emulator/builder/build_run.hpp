#pragma once

#include "emulator/builder/build_limits.hpp"
#include "emulator/sandbox/child_command.hpp"
#include "runtime-api/base/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin {

/// A command that builds.
struct build_command {
  std::string command;                                         ///< for /bin/sh -c
  std::string folder;                                          ///< absolute: where it is run
  std::vector<std::pair<std::string, std::string>> variables;  ///< beside the user's own, and instead of them
  duration limit = limits::build_time;                         ///< then it is ended as one that hangs
};

/// How a build ended.
enum class build_ending {
  good,       ///< exit status 0
  failed,     ///< any other, or a signal
  cancelled,  ///< cancel() was called, whatever the command made of it
  timed_out,  ///< it took longer than its limit
};

struct build_outcome {
  build_ending ending;
  exit_status status;
  duration took;
  /// For the user: what became of which command, and what to do.
  std::string sentence;
  /// The end of its output, at most limits::build_last_lines; each cut at limits::build_last_line_bytes.
  std::vector<std::string> last_lines;
};

/// One run of a build's command by the shell, with the user's environment, /dev/null as standard input and both
/// outputs in one pipe, so that lines stay in order. All that the command starts ends with it, and with kelvin.
class build_run {
 public:
  /// Gets each line of output, without its newline, as it comes; a line over limits::log_line_bytes in pieces of that
  /// size. Called from the loop; must not destroy the run.
  using line_callback = std::function<void(std::string_view)>;

  /// All must outlive it.
  build_run(boost::asio::io_context& context, clock& time, posix_sandbox_factory& factory);
  ~build_run();
  build_run(const build_run&) = delete;
  build_run& operator=(const build_run&) = delete;

  /// Runs the command until it has ended with all that it started; then all of its output has been delivered. To be
  /// called once; the run must outlive it. A command that the shell does not find is a build that failed.
  /// Errors: not_found and not_executable (no folder, no shell), invalid_argument, limit_reached, system_failure.
  awaitable<result<build_outcome>> run(build_command wanted, line_callback on_line);

  /// Has the command and all it started end: SIGTERM, so that make can remove what is half made, and SIGKILL after
  /// limits::build_grace. run() returns when none is left. Before run() it is cancelled as soon as it starts; after it,
  /// nothing.
  void cancel();

 private:
  void end();
  void take_line(std::string_view line);

  boost::asio::io_context& context_;
  clock& time_;
  posix_sandbox_factory& factory_;
  line_callback on_line_;
  std::unique_ptr<child_command> command_;
  std::deque<std::string> last_lines_;
  bool cancelled_ = false;
  bool late_ = false;
  bool told_to_end_ = false;
};

/// What became of a command, as a sentence for the user.
std::string build_sentence(const build_command& ran, build_ending ending, const exit_status& status, duration took);

}  // namespace kelvin
