#include "emulator/sandbox/isolated_init.hpp"

#include "emulator/sandbox/child_process.hpp"
#include "emulator/sandbox/isolated_root.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/received_start.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace kelvin {
namespace {

constexpr int kept_link = 3;
constexpr int kept_signals = 4;

void send(int link, const keeper_report& report, int tmp = -1) noexcept {
  const std::array<int, 1> with{tmp};
  send_packet(link, {reinterpret_cast<const char*>(&report), sizeof(report)},
              tmp >= 0 ? std::span<const int>(with) : std::span<const int>());
}

/// Orphans may hold on to nothing of kelvin's, least of all the function's own output pipes.
void keep_only(int link, int signals) noexcept {
  const int link_above = ::fcntl(link, F_DUPFD_CLOEXEC, kept_signals + 1);
  const int signals_above = ::fcntl(signals, F_DUPFD_CLOEXEC, kept_signals + 1);
  ::dup3(link_above, kept_link, O_CLOEXEC);
  ::dup3(signals_above, kept_signals, O_CLOEXEC);
  ::close_range(kept_signals + 1, ~0U, 0);
}

/// `first` is the program's process; its number stays its own until it is reaped here.
[[noreturn]] void attend(pid_t first, pid_t outer_number) noexcept {
  for (;;) {
    std::array<pollfd, 2> ready{{{kept_link, POLLIN, 0}, {kept_signals, POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), -1);
    if (ready[0].revents != 0) {
      ::_exit(0);
    }
    signalfd_siginfo told;
    if (::read(kept_signals, &told, sizeof(told)) == static_cast<ssize_t>(sizeof(told)) && told.ssi_signo == SIGTERM &&
        first != 0) {
      ::kill(-first, SIGTERM);
    }
    int status = 0;
    rusage usage{};
    for (pid_t ended; (ended = ::wait4(-1, &status, WNOHANG | __WALL, &usage)) > 0;) {
      if (ended == first) {
        first = 0;
        send(kept_link, exit_report(outer_number, status, usage));
      }
    }
  }
}

/// Starts what the order says, reports that and returns the program's process; ends the init otherwise.
child_outcome start_ordered(received_order& order, isolated_root& root, int outer_processes, int null_device,
                            int link) noexcept {
  received_start start;
  keeper_report report;
  report.kind = report_kind::failed;
  report.step = start_step::read_order;
  report.error = EBADMSG;
  child_outcome started;
  if (start.read(order, null_device)) {
    start.plan.outer_processes = outer_processes;
    const bool entered = root.enter(start.root);
    // Once more, for a change of capabilities clears it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (entered) {
      started = start_child(start.plan);
    }
    report = entered ? to_report(started) : to_report(root.outcome());
  }
  send(link, report, root.outcome().kept_tmp.get());
  root.outcome().kept_tmp.reset();
  if (report.kind != report_kind::started) {
    ::_exit(1);
  }
  return started;
}

}  // namespace

void run_isolated_init(unsigned long namespaces, uid_t user, gid_t group, int link) noexcept {
  ::prctl(PR_SET_NAME, "kelvin-init");
  ::setpgid(0, 0);
  leave_terminal(open_terminal());
  const int outer_processes = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int null_device = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  isolated_root root;
  root.build(namespaces, user, group);
  // Behind the change of user, which clears it. Closing the link does the same, but not to a stopped process.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  static received_order order;
  if (!order.receive(link)) {
    ::_exit(0);
  }
  const child_outcome started = start_ordered(order, root, outer_processes, null_device, link);
  sigset_t attended;
  ::sigemptyset(&attended);
  ::sigaddset(&attended, SIGCHLD);
  ::sigaddset(&attended, SIGTERM);
  keep_only(link, ::signalfd(-1, &attended, SFD_CLOEXEC | SFD_NONBLOCK));
  attend(started.process_id, to_report(started).process_id);
}

}  // namespace kelvin
