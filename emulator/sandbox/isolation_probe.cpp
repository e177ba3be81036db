#include "emulator/sandbox/isolation_probe.hpp"

#include "emulator/sandbox/isolated_process.hpp"
#include "emulator/sandbox/isolated_root.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/start_failure.hpp"
#include "runtime-api/base/limits.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace kelvin {
namespace {

/// A set-up takes a millisecond; only a file system that hangs takes longer.
constexpr int outcome_wait_ms = 2000;

[[noreturn]] void set_up(unsigned long namespaces, uid_t user, gid_t group, int link) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  root_plan plan;
  plan.code_folder = "/tmp";
  plan.layer_folder = "/tmp";
  plan.tmp_bytes = 1024 * 1024;
  isolated_root root;
  if (root.build(namespaces, user, group)) {
    root.enter(plan);
  }
  const keeper_report report = to_report(root.outcome());
  send_packet(link, {reinterpret_cast<const char*>(&report), sizeof(report)});
  ::_exit(0);
}

}  // namespace

isolation_probe isolation_probe::begin() noexcept {
  isolation_probe probe;
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    probe.error_ = errno;
    return probe;
  }
  probe.link_.reset(ends[0]);
  const descriptor inner(ends[1]);
  const unsigned long namespaces = namespaces_needed();
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  probe.process_ = clone_process(namespaces);
  if (probe.process_ == 0) {
    set_up(namespaces, user, group, ends[1]);
  }
  if (probe.process_ < 0) {
    probe.error_ = errno;
    probe.process_ = 0;
  }
  return probe;
}

isolation_probe::~isolation_probe() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

result<void> isolation_probe::finish() {
  keeper_report report;
  report.kind = report_kind::failed;
  report.step = start_step::namespaces;
  report.error = error_;
  if (process_ > 0) {
    pollfd ready{link_.get(), POLLIN, 0};
    ::poll(&ready, 1, outcome_wait_ms);
    char* bytes = reinterpret_cast<char*>(&report);
    if (receive_packet(link_.get(), {bytes, sizeof(report)}, {}, MSG_DONTWAIT).bytes !=
        static_cast<ssize_t>(sizeof(report))) {
      report.kind = report_kind::failed;
      report.step = start_step::first_process;
      report.error = ETIMEDOUT;
    }
  }
  if (report.kind == report_kind::started) {
    return {};
  }
  return isolation_failure(report);
}

}  // namespace kelvin
