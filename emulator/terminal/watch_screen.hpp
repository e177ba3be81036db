#pragma once

#include "emulator/terminal/key_action.hpp"
#include "emulator/terminal/key_input.hpp"
#include "emulator/terminal/status_display.hpp"
#include "emulator/terminal/terminal_signals.hpp"

#include <functional>
#include <memory>

namespace kelvin {

/// What a watch_screen works with; all must outlive it.
struct watch_screen_services {
  boost::asio::io_context& context;
  kelvin::clock& clock;
  log_writer& log;
  status_board& board;
};

/// The terminal of `kelvin watch`: status lines below the log on stderr, keys from stdin, while kelvin is in the
/// terminal's foreground. In the background there is the log only, and no key is read. It is the terminal's only for as
/// long as this lives, and while kelvin is stopped (Ctrl-Z) it is as it was.
class watch_screen {
 public:
  /// Null where lines have to stay plain: stderr is not a terminal, or one that cannot place text.
  /// `on_key` is called on the loop.
  static std::unique_ptr<watch_screen> begin(watch_screen_services with, std::function<void(key_action)> on_key);
  ~watch_screen();
  watch_screen(const watch_screen&) = delete;
  watch_screen& operator=(const watch_screen&) = delete;

  /// False: stdin is not a terminal.
  bool has_keys() const noexcept { return keys_ != nullptr; }

 private:
  watch_screen(watch_screen_services with, std::function<void(key_action)> on_key);
  void board_changed();
  void on_signal(int signal_number);
  /// Takes the terminal when kelvin is in the foreground, leaves it to others when it is not.
  void look();
  void suspend();

  watch_screen_services with_;
  std::shared_ptr<watch_screen*> self_;  ///< what the board and handlers hold; nulled by the destructor
  bool look_is_due_ = false;
  bool has_terminal_ = false;
  std::unique_ptr<terminal_signals> signals_;
  std::unique_ptr<key_input> keys_;
  status_display display_;
};

}  // namespace kelvin
