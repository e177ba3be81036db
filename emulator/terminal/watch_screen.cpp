#include "emulator/terminal/watch_screen.hpp"

#include "emulator/observability/log_sink.hpp"
#include "emulator/terminal/screen.hpp"

#include <boost/asio/post.hpp>

#include <csignal>
#include <cstdlib>
#include <utility>

#include <unistd.h>

namespace kelvin {
namespace {

/// How long a terminal that takes nothing (Ctrl-S) may keep kelvin from stopping or ending.
constexpr auto last_write = std::chrono::milliseconds(500);

std::unique_ptr<key_input> open_keys(boost::asio::io_context& context, std::function<void(key_action)> on_key) {
  return key_input::open(context, STDIN_FILENO, [on_key = std::move(on_key)](std::string_view bytes) {
    for (const key_action each : actions_of(bytes)) {
      on_key(each);
    }
  });
}

}  // namespace

std::unique_ptr<watch_screen> watch_screen::begin(watch_screen_services with, std::function<void(key_action)> on_key) {
  if (::isatty(STDERR_FILENO) != 1 || !places_text(std::getenv("TERM"))) {
    return nullptr;
  }
  std::unique_ptr<watch_screen> made(new watch_screen(with, std::move(on_key)));
  made->look();
  return made;
}

watch_screen::watch_screen(watch_screen_services with, std::function<void(key_action)> on_key)
    : with_(with),
      self_(std::make_shared<watch_screen*>(this)),
      signals_(terminal_signals::begin(with.context, [this](int number) { on_signal(number); })),
      keys_(open_keys(with.context, std::move(on_key))),
      display_(with.clock, with.log, with.board, {wants_colour(STDERR_FILENO), keys_ != nullptr},
               [] { return screen_size_of(STDERR_FILENO); }) {
  with_.board.listen([self = self_] {
    if (*self) {
      (*self)->board_changed();
    }
  });
}

watch_screen::~watch_screen() {
  *self_ = nullptr;
  display_.hide();
  with_.log.flush_blocking(last_write);
}

/// Many changes within one turn of the loop are drawn once.
void watch_screen::board_changed() {
  if (std::exchange(look_is_due_, true)) {
    return;
  }
  boost::asio::post(with_.context, [self = self_] {
    if (*self) {
      (*self)->look_is_due_ = false;
      (*self)->look();
    }
  });
}

void watch_screen::on_signal(int signal_number) {
  switch (signal_number) {
    case SIGTSTP: suspend(); break;
    case SIGCONT:
      // Whoever had the terminal meanwhile has written to it and may have left modes of its own.
      has_terminal_ = false;
      display_.abandon();
      look();
      break;
    default: look();
  }
}

void watch_screen::look() {
  const bool had = std::exchange(has_terminal_, in_foreground(STDERR_FILENO));
  if (!has_terminal_) {
    if (had) {
      display_.hide();
    }
    if (keys_) {
      keys_->pause();
    }
    return;
  }
  if (had) {
    display_.draw();
    return;
  }
  if (keys_ && in_foreground(STDIN_FILENO)) {
    keys_->begin();
  }
  display_.show();
}

void watch_screen::suspend() {
  display_.hide();
  with_.log.flush_blocking(last_write);
  if (keys_) {
    keys_->end();
  }
  has_terminal_ = false;
  terminal_signals::stop_process();
  look();
}

}  // namespace kelvin
