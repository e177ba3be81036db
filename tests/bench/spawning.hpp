#pragma once

#include "sockets.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <csignal>
#include <string>
#include <vector>

namespace bench {

/// vfork and exec: the parent goes on when the child's image has been replaced, so that nothing of the parent is
/// copied. Standard output and error of the child go to /dev/null if `quiet`.
inline pid_t start_process(const std::vector<std::string>& arguments, const std::vector<std::string>& variables,
                           bool quiet) {
  std::vector<char*> argument_pointers;
  for (const std::string& argument : arguments)
    argument_pointers.push_back(const_cast<char*>(argument.c_str()));
  argument_pointers.push_back(nullptr);
  std::vector<char*> variable_pointers;
  for (const std::string& variable : variables)
    variable_pointers.push_back(const_cast<char*>(variable.c_str()));
  variable_pointers.push_back(nullptr);
  const int sink = quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
  const pid_t child = vfork();
  if (child == 0) {
    if (quiet) {
      dup2(sink, 1);
      dup2(sink, 2);
    }
    execve(argument_pointers[0], argument_pointers.data(), variable_pointers.data());
    _exit(127);
  }
  if (sink >= 0)
    close(sink);
  if (child < 0)
    fail_errno("vfork");
  return child;
}

inline void end_process(pid_t child, int signal_number) {
  kill(child, signal_number);
  waitpid(child, nullptr, 0);
}

/// Prints `"name":[1.234,…]` in milliseconds.
inline void print_series(const char* name, const std::vector<std::int64_t>& values_ns) {
  std::printf("\"%s\":[", name);
  for (std::size_t index = 0; index < values_ns.size(); ++index) {
    std::printf("%s%.4f", index == 0 ? "" : ",", static_cast<double>(values_ns[index]) / 1e6);
  }
  std::printf("]");
}

/// POSTs `body` as an invocation of `function` and reads the answer. The time of both; fails on anything but 200.
inline std::int64_t time_invocation(int connection, std::uint16_t port, const std::string& function,
                                    byte_buffer& answer, message_extent& extent, std::int64_t& sent_ns) {
  const std::string request = "POST /2015-03-31/functions/" + function +
                              "/invocations HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                              "\r\nContent-Length: 2\r\n\r\n{}";
  answer.consume(answer.size());
  sent_ns = now_ns();
  if (!write_whole(connection, request, {}) || !read_message(connection, answer, extent)) {
    fail("no answer to an invocation of " + function);
  }
  const std::int64_t elapsed_ns = now_ns() - sent_ns;
  if (status_of(answer.view()) != 200 || find_header(answer.view(), "x-amz-function-error")) {
    fail("invocation of " + function + " failed: " + std::string(answer.view()));
  }
  return elapsed_ns;
}

}  // namespace bench
