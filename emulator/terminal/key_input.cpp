#include "emulator/terminal/key_input.hpp"

#include "emulator/terminal/screen.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace kelvin {
namespace {

/// Who is not in the foreground any more is stopped by the kernel for touching the terminal, unless the signal for it
/// is held back meanwhile.
class held_back {
 public:
  explicit held_back(int signal_number) {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, signal_number);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
  }
  ~held_back() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  held_back(const held_back&) = delete;
  held_back& operator=(const held_back&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

std::unique_ptr<key_input> key_input::open(boost::asio::io_context& context, int terminal, handler on_bytes) {
  if (::isatty(terminal) != 1) {
    return nullptr;
  }
  const std::string path = "/proc/self/fd/" + std::to_string(terminal);
  const int opened = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (opened < 0) {
    return nullptr;
  }
  return std::unique_ptr<key_input>(new key_input(descriptor(context.get_executor(), opened), std::move(on_bytes)));
}

key_input::~key_input() {
  end();
}

void key_input::begin() {
  if (!has_modes_ && ::tcgetattr(terminal_.native_handle(), &before_) != 0) {
    return;
  }
  has_modes_ = true;
  termios modes = before_;
  modes.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  set_modes(modes);
  reading_ = true;
  wait();
}

void key_input::pause() {
  reading_ = false;
}

void key_input::end() {
  pause();
  if (std::exchange(has_modes_, false)) {
    set_modes(before_);
  }
}

void key_input::set_modes(const termios& modes) {
  const held_back stop(SIGTTOU);
  ::tcsetattr(terminal_.native_handle(), TCSANOW, &modes);
}

void key_input::wait() {
  if (!reading_ || std::exchange(waiting_, true)) {
    return;
  }
  terminal_.async_wait(descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) {
      return;
    }
    waiting_ = false;
    if (reading_) {
      read();
    }
  });
}

void key_input::read() {
  std::array<char, 256> bytes{};
  ssize_t count = 0;
  {
    const held_back stop(SIGTTIN);
    count = ::read(terminal_.native_handle(), bytes.data(), bytes.size());
  }
  if (count > 0) {
    on_bytes_(std::string_view(bytes.data(), static_cast<std::size_t>(count)));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    // The terminal is gone, or in others' hands.
    pause();
  }
  wait();
}

}  // namespace kelvin
