#pragma once

#include "emulator/sandbox/posix_sandbox_factory.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::test {

using namespace std::chrono_literals;

/// Far beyond what anything here takes; only a failing test waits as long.
inline constexpr auto patience = 30s;

/// Keeps all that a sandbox tells.
struct recording_observer final : sandbox_observer {
  void on_output_line(output_stream stream, std::string_view line) override {
    (stream == output_stream::standard_output ? output : error).emplace_back(line);
    if (on_line) {
      on_line();
    }
  }
  void on_exit(const exit_status& status) override {
    exit = status;
    ++exits;
    lines_at_exit = output.size();
  }

  void on_memory_exhausted() override { ++exhaustions; }

  std::vector<std::string> output;
  std::vector<std::string> error;
  std::optional<exit_status> exit;
  int exits = 0;
  int exhaustions = 0;
  std::size_t lines_at_exit = 0;
  std::function<void()> on_line;
};

/// Calls `condition` until it is true or patience ends.
bool wait_until(const std::function<bool()>& condition);
/// Whether a process with this number exists and is not a zombie.
bool is_alive(pid_t process);
/// The processes (zombies not counted) whose environment holds `MARK=<mark>`.
std::vector<pid_t> processes_marked(const std::string& mark);
/// The helper processes below `process` that bear this name.
std::vector<pid_t> helpers_below(pid_t process, const std::string& name);
/// All children of this process, zombies included.
std::vector<pid_t> own_children();
std::size_t open_descriptors();
/// `<number> <what>` of each open descriptor of a process, sorted.
std::vector<std::string> descriptors_of(pid_t process);
/// A text that no other test uses.
std::string new_mark();

/// A real factory on a real loop. Sandboxes that a test holds are declared after it.
struct sandbox_fixture {
  boost::asio::io_context context{1};
  std::unique_ptr<posix_sandbox_factory> factory;
  recording_observer observer;
  std::string mark = new_mark();

  explicit sandbox_fixture(std::string scratch_folder = {}, control_groups groups = {});

  /// Runs the loop until `condition` holds or patience ends.
  bool run_until(const std::function<bool()>& condition);
  bool run_until_exit() {
    return run_until([this] { return observer.exit.has_value(); });
  }

  template <class T>
  T run(awaitable<T> operation) {
    std::optional<T> value;
    std::exception_ptr problem;
    boost::asio::co_spawn(context, std::move(operation), [&](std::exception_ptr thrown, T result) {
      problem = thrown;
      value.emplace(std::move(result));
    });
    REQUIRE(run_until([&] { return value.has_value(); }));
    if (problem) {
      std::rethrow_exception(problem);
    }
    return std::move(*value);
  }
  void run(awaitable<void> operation);

  result<std::unique_ptr<sandbox>> try_start(process_specification specification);
  /// Starts `program arguments…` marked, with a PATH; requires that it succeeds.
  std::unique_ptr<sandbox> start(std::string program, std::vector<std::string> arguments = {});
  std::unique_ptr<sandbox> start_shell(std::string script) { return start("/bin/sh", {"-c", std::move(script)}); }
  process_specification specify(std::string program, std::vector<std::string> arguments = {}) const;
};

}  // namespace kelvin::test
