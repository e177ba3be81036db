#include "emulator/sandbox/isolated_process.hpp"

#include "emulator/sandbox/isolated_init.hpp"
#include "emulator/sandbox/keeper_message.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace kelvin {

pid_t clone_process(unsigned long flags) noexcept {
  return static_cast<pid_t>(::syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
}

isolated_outcome start_isolated(child_plan& plan, const root_plan& root, int closed_inside) noexcept {
  isolated_outcome outcome;
  outcome.report.kind = report_kind::failed;
  outcome.report.step = start_step::namespaces;
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    outcome.report.error = errno;
    return outcome;
  }
  outcome.link.reset(ends[0]);
  descriptor inner(ends[1]);
  const unsigned long namespaces = namespaces_needed();
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  const pid_t init = clone_process(namespaces);
  if (init == 0) {
    ::close(closed_inside);
    ::close(ends[0]);
    run_isolated_init(plan, root, namespaces, user, group, inner.get());
  }
  if (init < 0) {
    outcome.report.error = errno;
    return outcome;
  }
  inner.reset();
  std::array<int, 1> tmp{-1};
  char* bytes = reinterpret_cast<char*>(&outcome.report);
  const received_packet received = receive_packet(outcome.link.get(), {bytes, sizeof(outcome.report)}, tmp, 0);
  if (received.descriptor_count == 1) {
    outcome.kept_tmp.reset(tmp[0]);
  }
  if (received.bytes != static_cast<ssize_t>(sizeof(outcome.report))) {
    outcome.report = {};
    outcome.report.kind = report_kind::failed;
    outcome.report.step = start_step::first_process;
    outcome.report.error = ECHILD;
  }
  if (outcome.report.kind == report_kind::started) {
    outcome.init = init;
  } else {
    ::kill(init, SIGKILL);
    ::waitpid(init, nullptr, 0);
    outcome.link.reset();
  }
  return outcome;
}

}  // namespace kelvin
