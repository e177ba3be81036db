#include "emulator/sandbox/keeper.hpp"

#include "emulator/sandbox/child_process.hpp"
#include "emulator/sandbox/isolated_process.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/process_tree.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

/// A function has no terminal on AWS either. With one, whatever asks for a password on /dev/tty would
/// stop for good instead of failing.
void leave_terminal() noexcept {
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0) {
    ::ioctl(terminal, TIOCNOTTY);
    ::close(terminal);
  }
}

std::int64_t microseconds(const timeval& time) noexcept {
  return time.tv_sec * 1'000'000LL + time.tv_usec;
}

class keeper {
 public:
  explicit keeper(int socket) noexcept : socket_(socket) {
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    signals_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    null_device_ = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  }

  [[noreturn]] void run() {
    for (;;) {
      std::array<pollfd, 3> ready{{{socket_, POLLIN, 0}, {signals_, POLLIN, 0}, {init_.get(), POLLIN, 0}}};
      ::poll(ready.data(), ready.size(), -1);
      if (ready[2].revents != 0) {
        pass_exit();
      }
      if (ready[1].revents != 0) {
        forget_signal();
        reap();
      }
      if (ready[0].revents != 0) {
        take_order();
      }
    }
  }

 private:
  void take_order() {
    static char buffer[sizeof(keeper_order) + inline_text_bytes];
    std::array<int, 4> descriptors{-1, -1, -1, -1};
    const received_packet received = receive_packet(socket_, buffer, descriptors, 0);
    if (received.bytes <= 0) {
      finish(false);
    }
    keeper_order order;
    if (static_cast<std::size_t>(received.bytes) < sizeof(order)) {
      return;
    }
    std::memcpy(&order, buffer, sizeof(order));
    switch (order.kind) {
      case order_kind::start: start(order, buffer + sizeof(order), descriptors, received.descriptor_count); break;
      // The init of an isolated tree passes it on to the group of the first process.
      case order_kind::terminate: signal_first(SIGTERM, own_group_ && !isolated_); break;
      case order_kind::signal: signal_first(order.number, false); break;
      case order_kind::stop: finish(true);
    }
    for (std::size_t index = 0; index < received.descriptor_count; ++index) {
      ::close(descriptors[index]);
    }
  }

  void start(const keeper_order& order, char* text, const std::array<int, 4>& descriptors, std::size_t count) {
    const bool is_command = order.child == child_kind::command;
    const std::size_t streams = is_command ? 3 : 2;
    keeper_report report;
    report.kind = report_kind::failed;
    report.step = start_step::read_order;
    report.error = EBADMSG;
    const std::size_t text_at = streams + (order.with_tmp ? 1 : 0);
    const std::size_t expected = text_at + (order.text_in_file ? 1 : 0);
    std::vector<char> long_text;
    if (order.text_in_file && count == expected) {
      long_text.resize(order.text_bytes);
      const ssize_t bytes = ::pread(descriptors[text_at], long_text.data(), long_text.size(), 0);
      text = bytes == static_cast<ssize_t>(order.text_bytes) ? long_text.data() : nullptr;
    }
    descriptor tmp;
    if (first_ == 0 && text != nullptr && count == expected) {
      child_plan plan;
      plan.kind = order.child;
      plan.process_group = order.number;
      plan.standard_input = is_command ? descriptors[0] : null_device_;
      plan.standard_output = descriptors[streams - 2];
      plan.standard_error = descriptors[streams - 1];
      own_group_ = !is_command;
      if (own_group_) {
        leave_terminal();
      }
      report = run_plan(order, plan, text, order.with_tmp ? descriptors[streams] : -1, tmp);
    }
    const std::array<int, 1> given_back{tmp.get()};
    send(report, tmp ? std::span<const int>(given_back) : std::span<const int>());
  }

  /// `tmp`: what keeps the /tmp of an isolated tree for the next one.
  keeper_report run_plan(const keeper_order& order, child_plan& plan, char* text, int kept_tmp, descriptor& tmp) {
    const auto next_text = [&text] {
      char* current = text;
      text += std::strlen(text) + 1;
      return current;
    };
    plan.program = next_text();
    std::vector<char*> arguments(order.argument_count + 1);
    std::generate_n(arguments.begin(), order.argument_count, next_text);
    std::vector<char*> variables(order.variable_count + 1);
    std::generate_n(variables.begin(), order.variable_count, next_text);
    plan.working_directory = next_text();
    plan.arguments = arguments.data();
    plan.variables = variables.data();
    if (order.isolated) {
      root_plan root;
      root.code_folder = next_text();
      root.layer_folder = next_text();
      root.tmp_bytes = order.tmp_bytes;
      root.kept_tmp = kept_tmp;
      isolated_outcome outcome = start_isolated(plan, root, socket_);
      isolated_ = true;
      exit_told_ = false;
      first_ = outcome.init;
      init_ = std::move(outcome.link);
      tmp = std::move(outcome.kept_tmp);
      return outcome.report;
    }

    const child_outcome outcome = start_child(plan);
    first_ = outcome.process_id;
    return to_report(outcome);
  }

  /// The init of an isolated tree tells how the first process ended; kelvin is told once.
  void pass_exit() noexcept {
    keeper_report report;
    char* bytes = reinterpret_cast<char*>(&report);
    if (receive_packet(init_.get(), {bytes, sizeof(report)}, {}, MSG_DONTWAIT).bytes !=
        static_cast<ssize_t>(sizeof(report))) {
      init_.reset();
    } else if (!std::exchange(exit_told_, true)) {
      send(report);
    }
  }

  /// Only while the first process is not reaped: before that nobody else can have its number.
  void signal_first(int number, bool whole_group) noexcept {
    if (first_ != 0) {
      ::kill(whole_group ? -first_ : first_, number);
    }
  }

  /// Takes the status of every process that ended. Returns false if no child is left.
  bool reap() noexcept {
    for (;;) {
      int status = 0;
      rusage usage{};
      const pid_t process = ::wait4(-1, &status, WNOHANG | __WALL, &usage);
      if (process <= 0) {
        return process == 0;
      }
      if (process == first_) {
        first_ = 0;
        if (init_) {
          pass_exit();
          init_.reset();
        }
        if (exit_told_) {
          continue;
        }
        keeper_report report;
        report.kind = report_kind::exited;
        report.process_id = process;
        report.wait_status = status;
        report.cpu_user_us = microseconds(usage.ru_utime);
        report.cpu_system_us = microseconds(usage.ru_stime);
        report.max_resident_kib = usage.ru_maxrss;
        send(report);
      }
    }
  }

  /// Until no child is left: what a killed process leaves behind becomes the keeper's own child.
  void kill_tree() {
    // Against a fork bomb fairness would let each of its processes have as much time as the keeper.
    // Only root may ask for this; without it the bomb just takes longer.
    ::setpriority(PRIO_PROCESS, 0, -20);
    signal_first(SIGKILL, own_group_);
    for (int wait_ms = 1; reap(); wait_ms = std::min(wait_ms * 2, 64)) {
      for (const pid_t process : descendants_of(::getpid())) {
        ::kill(process, SIGKILL);
      }
      pollfd ready{signals_, POLLIN, 0};
      ::poll(&ready, 1, wait_ms);
      forget_signal();
    }
  }

  [[noreturn]] void finish(bool report_gone) {
    kill_tree();
    if (report_gone) {
      keeper_report report;
      report.kind = report_kind::gone;
      send(report);
    }
    ::_exit(0);
  }

  void forget_signal() noexcept {
    signalfd_siginfo ignored;
    [[maybe_unused]] const ssize_t bytes = ::read(signals_, &ignored, sizeof(ignored));
  }

  void send(const keeper_report& report, std::span<const int> descriptors = {}) noexcept {
    send_packet(socket_, {reinterpret_cast<const char*>(&report), sizeof(report)}, descriptors);
  }

  int socket_;
  int signals_ = -1;
  int null_device_ = -1;
  pid_t first_ = 0;
  descriptor init_;  ///< leads to the init of an isolated tree, which `first_` then is
  bool isolated_ = false;
  bool exit_told_ = false;  ///< by that init
  bool own_group_ = true;   ///< false: the group is kelvin's, never to be signalled
};

}  // namespace

void run_keeper(int socket) noexcept {
  ::prctl(PR_SET_NAME, "kelvin-keeper");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  keeper(socket).run();
}

}  // namespace kelvin
