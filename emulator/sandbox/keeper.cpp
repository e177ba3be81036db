#include "emulator/sandbox/keeper.hpp"

#include "emulator/sandbox/child_process.hpp"
#include "emulator/sandbox/control_groups.hpp"
#include "emulator/sandbox/isolated_process.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/process_tree.hpp"
#include "emulator/sandbox/received_start.hpp"

#include <fcntl.h>
#include <poll.h>
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
#include <ctime>
#include <span>
#include <utility>

namespace kelvin {
namespace {

class keeper {
 public:
  keeper(int socket, const control_groups& groups) noexcept : socket_(socket), groups_(groups) {
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    signals_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    null_device_ = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    terminal_ = open_terminal();
  }

  [[noreturn]] void run() {
    // Before anything is started, for what is limited counts from the first page and the first invocation.
    if (!groups_.empty()) {
      joined_ = groups_.join();
    }
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
    static received_order order;
    if (!order.receive(socket_)) {
      finish(false);
    }
    switch (order.header.kind) {
      case order_kind::prepare: prepare(order.header.isolated); break;
      case order_kind::start: start(order); break;
      // The init of an isolated tree passes it on to the group of the first process.
      case order_kind::terminate: signal_first(SIGTERM, own_group_ && !isolated_); break;
      case order_kind::signal: signal_first(order.header.number, false); break;
      case order_kind::stop: end_tree(order.header.number); finish(true);
    }
    order.close_descriptors();
  }

  /// Does before a start is ordered what need not wait for it.
  void prepare(bool isolated) noexcept {
    if (first_ != 0) {
      return;
    }
    if (!isolated) {
      rehearse_start();
    } else if (place_.init == 0) {
      place_ = prepare_isolated(socket_);
    }
  }

  void start(received_order& order) {
    keeper_report report;
    report.kind = report_kind::failed;
    report.step = start_step::read_order;
    report.error = EBADMSG;
    received_start request;
    descriptor tmp;
    if (first_ == 0 && request.read(order, null_device_)) {
      own_group_ = order.header.child == child_kind::sandbox;
      if (own_group_) {
        leave_terminal(std::move(terminal_));
      }
      if (!order.header.isolated) {
        abandon(place_);
      }
      report = order.header.isolated ? run_isolated(order, request.root, tmp) : run(request.plan);
    }
    report.reaper = isolated_ ? first_ : ::getpid();
    report.group = joined_ ? ::getpid() : 0;
    const std::array<int, 1> given_back{tmp.get()};
    send(report, tmp ? std::span<const int>(given_back) : std::span<const int>());
  }

  keeper_report run(const child_plan& plan) {
    const child_outcome outcome = start_child(plan);
    first_ = outcome.process_id;
    return to_report(outcome);
  }

  /// `tmp`: what keeps the /tmp of an isolated tree for the next one.
  keeper_report run_isolated(received_order& order, const root_plan& root, descriptor& tmp) {
    isolated_outcome outcome;
    outcome.report.kind = report_kind::failed;
    outcome.report.step = start_step::namespaces;
    if (place_.init != 0) {
      // What is mounted on the machine may have changed since the place was made.
      order.header.code_identity = identity_of(AT_FDCWD, root.code_folder);
      order.header.layer_identity = identity_of(AT_FDCWD, root.layer_folder);
      outcome = start_in_place(order);
    }
    if (outcome.report.kind != report_kind::started && describe_isolation_step(outcome.report.step) != nullptr) {
      order.header.code_identity = order.header.layer_identity = {};
      place_ = prepare_isolated(socket_);
      outcome = start_in_place(order);
    }
    tmp = std::move(outcome.kept_tmp);
    return outcome.report;
  }

  isolated_outcome start_in_place(received_order& order) noexcept {
    std::memcpy(order.bytes.data(), &order.header, sizeof(order.header));
    isolated_outcome outcome = start_isolated(place_, order.message(), order.passed());
    isolated_ = true;
    exit_told_ = false;
    first_ = std::exchange(place_.init, 0);
    init_ = std::move(place_.link);
    return outcome;
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
      if (process == place_.init) {
        place_ = {};
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
        send(exit_report(process, status, usage));
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
      signal_descendants(::getpid(), SIGKILL);
      pollfd ready{signals_, POLLIN, 0};
      ::poll(&ready, 1, wait_ms);
      forget_signal();
    }
  }

  /// Asks every process of the tree to end and waits until none is left: at most so long, and only while kelvin lives.
  void end_tree(int grace_ms) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto milliseconds = [](const timespec& time) -> std::int64_t {
      return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
    };
    const std::int64_t end = milliseconds(now) + grace_ms;
    if (grace_ms > 0) {
      signal_descendants(::getpid(), SIGTERM);
    }
    for (std::int64_t left = grace_ms; left > 0 && reap(); left = end - milliseconds(now)) {
      // No event is asked for of the socket: that it has ended is told all the same.
      std::array<pollfd, 2> ready{{{signals_, POLLIN, 0}, {socket_, 0, 0}}};
      ::poll(ready.data(), ready.size(), static_cast<int>(left));
      if (ready[1].revents != 0) {
        return;
      }
      forget_signal();
      ::clock_gettime(CLOCK_MONOTONIC, &now);
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
  const control_groups& groups_;
  bool joined_ = false;  ///< stands in its own groups
  int signals_ = -1;
  int null_device_ = -1;
  descriptor terminal_;
  pid_t first_ = 0;
  isolated_place place_;  ///< of the start to come
  descriptor init_;       ///< leads to the init of an isolated tree, which `first_` then is
  bool isolated_ = false;
  bool exit_told_ = false;  ///< by that init
  bool own_group_ = true;   ///< false: the group is kelvin's, never to be signalled
};

}  // namespace

void run_keeper(int socket, const control_groups& groups) noexcept {
  ::prctl(PR_SET_NAME, "kelvin-keeper");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  keeper(socket, groups).run();
}

}  // namespace kelvin
