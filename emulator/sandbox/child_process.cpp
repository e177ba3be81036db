#include "emulator/sandbox/child_process.hpp"

#include "runtime-api/base/limits.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace kelvin {
namespace {

struct shared_with_child {
  const child_plan* plan;
  start_step step;
  int error;
  std::int64_t executed_ns;
  pid_t outer_process_id;
};

std::int64_t monotonic_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

bool limit_descriptors() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return false;
  }
  limit.rlim_max = std::min<rlim_t>(limit.rlim_max, limits::process_descriptors);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

bool put_standard_streams(const child_plan& plan) noexcept {
  return ::dup2(plan.standard_input, STDIN_FILENO) >= 0 && ::dup2(plan.standard_output, STDOUT_FILENO) >= 0 &&
         ::dup2(plan.standard_error, STDERR_FILENO) >= 0;
}

/// This process's number in the pid namespace of a mounted /proc.
pid_t own_number_in(int processes) noexcept {
  char text[16] = {};
  if (::readlinkat(processes, "self", text, sizeof(text) - 1) <= 0) {
    return 0;
  }
  pid_t number = 0;
  for (const char* digit = text; *digit >= '0' && *digit <= '9'; ++digit) {
    number = number * 10 + (*digit - '0');
  }
  return number;
}

start_step prepare_and_execute(const child_plan& plan, std::int64_t& executed_ns) noexcept {
  // The keeper kills the tree when it ends in order; this covers a keeper that is killed.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    return start_step::parent_death_signal;
  }
  const pid_t group = plan.kind == child_kind::command ? plan.process_group : 0;
  if (::setpgid(0, group) != 0) {
    return start_step::process_group;
  }
  if (!put_standard_streams(plan)) {
    return start_step::standard_streams;
  }
  if (::chdir(plan.working_directory) != 0) {
    return start_step::working_directory;
  }
  if (plan.kind == child_kind::sandbox && !limit_descriptors()) {
    return start_step::descriptor_limit;
  }
  if (plan.stopped && ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
    return start_step::stop_at_begin;
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Taken here, not in the keeper once exec is done: the keeper may be scheduled long after.
  executed_ns = monotonic_ns();
  ::execve(plan.program, plan.arguments, plan.variables);
  return start_step::execute;
}

// Its stack frame is never left in order, which AddressSanitizer would hold against the stack's memory.
__attribute__((no_sanitize("address"))) int child_main(void* context) noexcept {
  auto& shared = *static_cast<shared_with_child*>(context);
  if (shared.plan->outer_processes >= 0) {
    shared.outer_process_id = own_number_in(shared.plan->outer_processes);
  }
  const start_step step = prepare_and_execute(*shared.plan, shared.executed_ns);
  shared.error = errno;
  shared.step = step;
  ::_exit(127);
}

/// A traced process stops by itself when its exec is done. It is let go again as one that was sent SIGSTOP, so that
/// a debugger may attach; this way it has not gone on by an instruction, as with a signal from outside it might.
void leave_stopped(pid_t process) noexcept {
  siginfo_t changed{};
  // A status that says it was killed is left for who reports ends.
  while (::waitid(P_PID, static_cast<id_t>(process), &changed, WSTOPPED | WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  ::ptrace(PTRACE_DETACH, process, nullptr, SIGSTOP);
}

}  // namespace

child_outcome start_child(const child_plan& plan) noexcept {
  // clone() on a stack of the child's own, rather than vfork(), for nothing returns twice then.
  alignas(16) static char stack[64 * 1024];
  shared_with_child shared{&plan, start_step::none, 0, 0, 0};
  child_outcome outcome;
  outcome.process_id = ::clone(child_main, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &shared);
  if (outcome.process_id < 0) {
    outcome.error = errno;
    outcome.process_id = 0;
    outcome.step = start_step::fork;
    return outcome;
  }
  outcome.outer_process_id = shared.outer_process_id;
  outcome.executed_ns = shared.executed_ns;
  outcome.step = shared.step;
  outcome.error = shared.error;
  if (outcome.step != start_step::none) {
    ::waitpid(outcome.process_id, nullptr, 0);
    outcome.process_id = 0;
  } else if (plan.stopped) {
    leave_stopped(outcome.process_id);
  }
  return outcome;
}

descriptor open_terminal() noexcept {
  return descriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
}

void leave_terminal(descriptor terminal) noexcept {
  if (terminal) {
    ::ioctl(terminal.get(), TIOCNOTTY);
  }
}

void rehearse_start() noexcept {
  char* nothing = nullptr;
  child_plan plan;
  plan.program = "/";
  plan.arguments = &nothing;
  plan.variables = &nothing;
  plan.working_directory = "/";
  plan.standard_input = STDIN_FILENO;
  plan.standard_output = STDOUT_FILENO;
  plan.standard_error = STDERR_FILENO;
  start_child(plan);
}

keeper_report exit_report(pid_t process, int wait_status, const rusage& usage) noexcept {
  const auto microseconds = [](const timeval& time) { return time.tv_sec * 1'000'000LL + time.tv_usec; };
  keeper_report report;
  report.kind = report_kind::exited;
  report.process_id = process;
  report.wait_status = wait_status;
  report.cpu_user_us = microseconds(usage.ru_utime);
  report.cpu_system_us = microseconds(usage.ru_stime);
  report.max_resident_kib = usage.ru_maxrss;
  return report;
}

keeper_report to_report(const child_outcome& outcome) noexcept {
  keeper_report report;
  report.kind = outcome.step == start_step::none ? report_kind::started : report_kind::failed;
  report.step = outcome.step;
  report.error = outcome.error;
  report.process_id = outcome.outer_process_id != 0 ? outcome.outer_process_id : outcome.process_id;
  report.executed_ns = outcome.executed_ns;
  return report;
}

}  // namespace kelvin
