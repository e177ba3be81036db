#include "emulator/terminal/terminal_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <initializer_list>
#include <utility>

namespace kelvin {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : signals) {
    sigaddset(&set, each);
  }
  return set;
}

sigset_t watched() {
  return set_of({SIGWINCH, SIGTSTP, SIGCONT});
}

}  // namespace

std::unique_ptr<terminal_signals> terminal_signals::begin(boost::asio::io_context& context, handler on_signal) {
  const sigset_t signals = watched();
  const int opened = ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  if (opened < 0) {
    return nullptr;
  }
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::unique_ptr<terminal_signals> made(
      new terminal_signals(descriptor(context.get_executor(), opened), std::move(on_signal)));
  made->wait();
  return made;
}

terminal_signals::~terminal_signals() {
  const sigset_t signals = watched();
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

void terminal_signals::stop_process() {
  const sigset_t stop = set_of({SIGTSTP});
  ::kill(::getpid(), SIGTSTP);
  ::sigprocmask(SIG_UNBLOCK, &stop, nullptr);
  ::sigprocmask(SIG_BLOCK, &stop, nullptr);
  const sigset_t go_on = set_of({SIGCONT});
  const timespec at_once{};
  ::sigtimedwait(&go_on, nullptr, &at_once);
}

void terminal_signals::wait() {
  signals_.async_wait(descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) {
      return;
    }
    signalfd_siginfo seen{};
    while (::read(signals_.native_handle(), &seen, sizeof seen) == static_cast<ssize_t>(sizeof seen)) {
      on_signal_(static_cast<int>(seen.ssi_signo));
    }
    wait();
  });
}

}  // namespace kelvin
