#include "emulator/sandbox/isolation_probe.hpp"

#include "emulator/sandbox/isolated_root.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/start_failure.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

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
  plan.program_snapshot = "";
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
  return isolation_probe(clone_isolated(set_up, -1));
}

isolation_probe::~isolation_probe() {
  abandon(place_);
}

result<void> isolation_probe::finish() {
  keeper_report report;
  report.kind = report_kind::failed;
  report.step = start_step::namespaces;
  report.error = place_.error;
  if (place_.init != 0) {
    pollfd ready{place_.link.get(), POLLIN, 0};
    ::poll(&ready, 1, outcome_wait_ms);
    char* bytes = reinterpret_cast<char*>(&report);
    if (receive_packet(place_.link.get(), {bytes, sizeof(report)}, {}, MSG_DONTWAIT).bytes !=
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
