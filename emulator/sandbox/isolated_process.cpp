#include "emulator/sandbox/isolated_process.hpp"

#include "emulator/sandbox/isolated_init.hpp"
#include "emulator/sandbox/isolated_root.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace kelvin {

isolated_place clone_isolated(first_process run, int closed_inside) noexcept {
  isolated_place place;
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    place.error = errno;
    return place;
  }
  place.link.reset(ends[0]);
  const descriptor inner(ends[1]);
  const unsigned long namespaces = namespaces_needed();
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  const auto first = static_cast<pid_t>(::syscall(SYS_clone, namespaces | SIGCHLD, 0, 0, 0, 0));
  if (first == 0) {
    ::close(closed_inside);
    ::close(ends[0]);
    run(namespaces, user, group, ends[1]);
    ::_exit(127);
  }
  if (first < 0) {
    place.error = errno;
    place.link.reset();
    return place;
  }
  place.init = first;
  return place;
}

isolated_place prepare_isolated(int closed_inside) noexcept {
  return clone_isolated(run_isolated_init, closed_inside);
}

void abandon(isolated_place& place) noexcept {
  if (place.init != 0) {
    ::kill(place.init, SIGKILL);
    ::waitpid(place.init, nullptr, 0);
  }
  place = {};
}

isolated_outcome start_isolated(isolated_place& place, std::string_view message,
                                std::span<const int> descriptors) noexcept {
  isolated_outcome outcome;
  outcome.report.kind = report_kind::failed;
  if (place.init == 0) {
    outcome.report.step = start_step::namespaces;
    outcome.report.error = place.error;
    return outcome;
  }
  keeper_report answer;
  std::array<int, 1> tmp{-1};
  received_packet received;
  if (send_packet(place.link.get(), message, descriptors) == 0) {
    received = receive_packet(place.link.get(), {reinterpret_cast<char*>(&answer), sizeof(answer)}, tmp, 0);
  }
  if (received.descriptor_count == 1) {
    outcome.kept_tmp.reset(tmp[0]);
  }
  if (received.bytes == static_cast<ssize_t>(sizeof(answer))) {
    outcome.report = answer;
  } else {
    outcome.report.step = start_step::first_process;
    outcome.report.error = ECHILD;
  }
  if (outcome.report.kind != report_kind::started) {
    abandon(place);
  }
  return outcome;
}

}  // namespace kelvin
