#include "sandbox_fixture.hpp"

#include "emulator/sandbox/process_tree.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <thread>

namespace kelvin::test {
namespace {

/// A file of /proc, empty if its process is gone, which may happen at any moment of the reading.
std::string read_process_file(pid_t process, const std::string& name) {
  const descriptor file(::open(("/proc/" + std::to_string(process) + "/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  char buffer[4096];
  for (ssize_t count = 0; file && (count = ::read(file.get(), buffer, sizeof(buffer))) > 0;) {
    content.append(buffer, static_cast<std::size_t>(count));
  }
  return content;
}

/// The state's letter of /proc/PID/stat, 0 if there is no such process.
char state_of(pid_t process) {
  const std::string text = read_process_file(process, "stat");
  const std::size_t name_end = text.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= text.size() ? '\0' : text[name_end + 2];
}

}  // namespace

bool wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

bool is_alive(pid_t process) {
  const char state = state_of(process);
  return state != '\0' && state != 'Z' && state != 'X';
}

std::vector<pid_t> processes_marked(const std::string& mark) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      const pid_t process = std::stoi(name);
      const std::string variables = '\0' + read_process_file(process, "environ");
      if (variables.find('\0' + ("MARK=" + mark) + '\0') != std::string::npos && is_alive(process)) {
        found.push_back(process);
      }
    }
  }
  return found;
}

std::vector<pid_t> helpers_below(pid_t process, const std::string& name) {
  std::vector<pid_t> found = descendants_of(process);
  std::erase_if(found, [&](pid_t candidate) {
    return !is_alive(candidate) || read_process_file(candidate, "comm") != name + "\n";
  });
  return found;
}

std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  append_children(::getpid(), children);
  return children;
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

std::vector<std::string> descriptors_of(pid_t process) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/fd")) {
    std::error_code closed_meanwhile;
    const std::string target = std::filesystem::read_symlink(entry.path(), closed_meanwhile).string();
    found.push_back(entry.path().filename().string() + " " + target.substr(0, target.find(':')));
  }
  std::ranges::sort(found);
  return found;
}

std::string new_mark() {
  static int count = 0;
  return std::to_string(::getpid()) + "-" + std::to_string(++count);
}

sandbox_fixture::sandbox_fixture(std::string scratch_folder, control_groups groups) {
  auto forked = spawner::fork_early(std::move(scratch_folder), std::move(groups));
  REQUIRE(forked.has_value());
  factory = std::make_unique<posix_sandbox_factory>(context, std::move(*forked));
}

bool sandbox_fixture::run_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    context.restart();
    context.run_one_for(10ms);
  }
  return true;
}

void sandbox_fixture::run(awaitable<void> operation) {
  bool done = false;
  boost::asio::co_spawn(context, std::move(operation), [&](std::exception_ptr thrown) {
    CHECK(thrown == nullptr);
    done = true;
  });
  REQUIRE(run_until([&] { return done; }));
}

result<std::unique_ptr<sandbox>> sandbox_fixture::try_start(process_specification specification) {
  auto started = std::make_shared<std::optional<result<std::unique_ptr<sandbox>>>>();
  boost::asio::co_spawn(context, factory->start(std::move(specification), observer),
                        [started](std::exception_ptr thrown, result<std::unique_ptr<sandbox>> outcome) {
                          CHECK(thrown == nullptr);
                          started->emplace(std::move(outcome));
                        });
  REQUIRE(run_until([&] { return started->has_value(); }));
  return std::move(**started);
}

process_specification sandbox_fixture::specify(std::string program, std::vector<std::string> arguments) const {
  return {std::move(program), std::move(arguments), {"PATH=/usr/bin:/bin", "MARK=" + mark}, "/"};
}

std::unique_ptr<sandbox> sandbox_fixture::start(std::string program, std::vector<std::string> arguments) {
  auto started = try_start(specify(std::move(program), std::move(arguments)));
  if (!started) {
    FAIL(started.error().detail);
  }
  return std::move(*started);
}

}  // namespace kelvin::test
