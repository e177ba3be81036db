#pragma once

#include "emulator/observability/log_writer.hpp"
#include "emulator/observability/status_board.hpp"
#include "emulator/terminal/status_lines.hpp"
#include "runtime-api/base/clock.hpp"

#include <functional>
#include <memory>

namespace kelvin {

/// Keeps the status lines of a board below the log, while it is shown. It draws when it is told to, and each second
/// while something builds or starts; else no timer is set.
class status_display {
 public:
  /// `size` tells the screen's, each time anew. All must outlive this. Nothing is shown yet.
  status_display(clock& time, log_writer& log, const status_board& board, status_style style,
                 std::function<screen_size()> size);
  /// As hide().
  ~status_display();
  status_display(const status_display&) = delete;
  status_display& operator=(const status_display&) = delete;

  void show();
  /// Takes the lines away, with the next write of the log.
  void hide();
  /// Shows what the board says now; nothing happens while it is hidden.
  void draw();
  /// Others have written to the terminal: what is drawn stays there, and is drawn anew below.
  void abandon();

 private:
  clock& clock_;
  log_writer& log_;
  const status_board& board_;
  const status_style style_;
  const std::function<screen_size()> size_;
  std::unique_ptr<alarm> tick_;
  std::shared_ptr<bool> abandoned_ = std::make_shared<bool>(false);  ///< shared with what takes away what is drawn
  bool shown_ = false;
};

}  // namespace kelvin
