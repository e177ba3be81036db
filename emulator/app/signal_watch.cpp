#include "emulator/app/signal_watch.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace kelvin {

result<std::unique_ptr<signal_watch>> signal_watch::begin(boost::asio::io_context& context, handler on_signal) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&watched, each);
  }
  sigprocmask(SIG_BLOCK, &watched, nullptr);
  const int opened = ::signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
  if (opened < 0) {
    return fail(errc::system_failure, std::string("signalfd: ") + std::strerror(errno));
  }
  std::unique_ptr<signal_watch> watch(
      new signal_watch(descriptor(context.get_executor(), opened), std::move(on_signal)));
  watch->wait();
  return watch;
}

void signal_watch::wait() {
  signals_.async_wait(descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) {
      return;
    }
    signalfd_siginfo seen{};
    while (::read(signals_.native_handle(), &seen, sizeof seen) == static_cast<ssize_t>(sizeof seen)) {
      // Signals of a terminal come from the kernel itself; those of kill(2) name their sender.
      on_signal_(static_cast<int>(seen.ssi_signo), seen.ssi_code == SI_KERNEL);
    }
    wait();
  });
}

}  // namespace kelvin
