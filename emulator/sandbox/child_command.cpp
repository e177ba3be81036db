#include "emulator/sandbox/child_command.hpp"

#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/start_failure.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

namespace kelvin {
namespace {

constexpr std::string_view default_path = "/bin:/usr/bin";

/// 0 if the file can be run, else errno.
int runnable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return errno;
  }
  if (!S_ISREG(status.st_mode)) {
    return S_ISDIR(status.st_mode) ? EISDIR : EACCES;
  }
  return ::access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

bool means_absent(int error) noexcept {
  return error == ENOENT || error == ENOTDIR;
}

failure not_runnable(const std::string& path, int error) {
  return fail(means_absent(error) ? errc::not_found : errc::not_executable, path + ": " + describe_error(error));
}

struct command_start {
  std::shared_ptr<keeper_link> keeper;
  start_answer answer;
};

/// One attempt: a keeper, a start and its answer.
awaitable<result<command_start>> start_once(posix_sandbox_factory& factory, const std::string& message,
                                            std::array<int, 3> standard_streams) {
  auto keeper = factory.keepers().take();
  if (!keeper) {
    co_return keeper.error();
  }
  command_start made;
  made.keeper = std::move(*keeper);
  const int error = made.keeper->send_start(message, standard_streams);
  if (error == EBADF) {
    co_return fail(errc::system_failure,
                   "kelvin's standard input, output or error is closed, but the command needs all three");
  }
  if (error == 0) {
    made.answer = co_await made.keeper->answer();
  }
  co_return made;
}

}  // namespace

result<std::string> find_command(const std::string& command, const std::vector<std::string>& variables) {
  if (command.empty()) {
    return fail(errc::not_found, "the command's name is empty");
  }
  if (command.find('/') != std::string::npos) {
    const int error = runnable(command);
    return error == 0 ? result<std::string>(command) : result<std::string>(not_runnable(command, error));
  }
  std::string_view path = default_path;
  for (const std::string_view variable : variables) {
    if (variable.starts_with("PATH=")) {
      path = variable.substr(5);
      break;
    }
  }
  result<std::string> found = fail(errc::not_found, command + ": not found in PATH (" + std::string(path) + ")");
  for (bool last = false; !last;) {
    const std::size_t colon = path.find(':');
    last = colon == std::string_view::npos;
    const std::string_view folder = path.substr(0, colon);
    path.remove_prefix(last ? path.size() : colon + 1);
    const std::string candidate = (folder.empty() ? std::string(".") : std::string(folder)) + "/" + command;
    const int error = runnable(candidate);
    if (error == 0) {
      return candidate;
    }
    // As a shell does: a file that may not be run does not end the search, but is what went wrong.
    if (!means_absent(error) && error != EISDIR && found.error().code == errc::not_found) {
      found = not_runnable(candidate, error);
    }
  }
  return found;
}

awaitable<result<std::unique_ptr<child_command>>> child_command::start(posix_sandbox_factory& factory,
                                                                       command_specification specification) {
  auto program = find_command(specification.command, specification.variables);
  if (!program) {
    co_return program.error();
  }
  if (specification.working_directory.empty()) {
    specification.working_directory = std::filesystem::current_path().string();
  }
  std::string name = specification.command;
  for (int attempt = 0; attempt < start_attempts;) {
    const start_request request{child_kind::command,
                                ::getpgrp(),
                                *program,
                                name,
                                specification.arguments,
                                specification.variables,
                                specification.working_directory};
    if (auto problem = find_nul(request)) {
      co_return std::move(*problem);
    }
    const std::string message = encode_start(request);
    auto started = co_await start_once(factory, message, specification.standard_streams);
    if (!started) {
      co_return started.error();
    }
    const start_answer& answer = started->answer;
    if (answer.what == start_answer::kind::timed_out) {
      co_return keeper_timed_out(*program);
    }
    if (answer.what == start_answer::kind::lost) {
      ++attempt;
      continue;
    }
    if (answer.report.kind == report_kind::started) {
      co_return std::unique_ptr<child_command>(new child_command(std::move(started->keeper), answer.report.process_id));
    }
    started->keeper->close();
    if (answer.report.step != start_step::execute) {
      co_return start_failure(answer.report, *program, specification.working_directory);
    }
    if (answer.report.error != ENOEXEC || *program == "/bin/sh") {
      co_return not_runnable(*program, answer.report.error);
    }
    // A script without a first line that names its interpreter is the shell's, as with execvpe.
    specification.arguments.insert(specification.arguments.begin(), *program);
    program = std::string("/bin/sh");
    name = "/bin/sh";
  }
  co_return keepers_lost(*program);
}

child_command::child_command(std::shared_ptr<keeper_link> keeper, int process_id)
    : keeper_(std::move(keeper)), process_id_(process_id) {
  keeper_->on_exit([this](const exit_status& status) { exit_.set(status); });
}

child_command::~child_command() {
  keeper_->close();
}

awaitable<exit_status> child_command::wait() {
  const exit_status status = co_await exit_.wait();
  co_await keeper_->stop();
  co_return status;
}

}  // namespace kelvin
