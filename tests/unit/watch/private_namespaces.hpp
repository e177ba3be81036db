#pragma once

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <functional>
#include <string>

namespace kelvin::test {

/// Runs the function in a child with user and mount namespaces of its own, where it may mount and set limits, and gives
/// what it returned; `none` where this machine does not let them be made.
inline std::string in_private_namespaces(const std::function<std::string()>& run) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return "none";
  }
  const std::string user_map = "0 " + std::to_string(::getuid()) + " 1";
  const std::string group_map = "0 " + std::to_string(::getgid()) + " 1";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string text = "none";
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
      std::ofstream("/proc/self/uid_map") << user_map;
      std::ofstream("/proc/self/setgroups") << "deny";
      std::ofstream("/proc/self/gid_map") << group_map;
      text = run();
    }
    const bool is_written = ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(is_written ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t count = 0; (count = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

/// For skip(), which is asked before doctest begins.
inline bool has_private_namespaces() {
  static const bool answer = in_private_namespaces([] { return std::string("yes"); }) == "yes";
  return answer;
}

}  // namespace kelvin::test
