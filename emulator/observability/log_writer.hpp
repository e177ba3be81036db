#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/limits.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kelvin {

/// What stays below the log on a terminal.
struct log_footer {
  std::string text;                    ///< empty: nothing
  std::function<std::string()> erase;  ///< what is written to take it away, asked for when it is
};

/// Writes the log to a descriptor without ever blocking the loop: in order, one system call for all
/// that one turn of the loop appended, and bounded. A terminal or pipe is opened anew, so that
/// non-blocking mode stays ours and does not reach others that share the descriptor; a socket is
/// written with MSG_DONTWAIT; anything else (a file) is written plainly. If the reader has gone,
/// everything is dropped from then on. Ignores SIGPIPE for the whole process, since a reader that
/// goes away must not end it; a child that is started has to restore the default. One thread.
class log_writer {
 public:
  /// `descriptor` stays the caller's and must stay open.
  explicit log_writer(boost::asio::io_context& context, int descriptor = 2,
                      std::size_t limit_bytes = limits::log_buffer_bytes);
  ~log_writer();
  log_writer(const log_writer&) = delete;
  log_writer& operator=(const log_writer&) = delete;

  /// Called with true when more than `limit_bytes` wait to be written, with false when all of it is
  /// out, always from the loop, never from within append(): in between, whoever produces text
  /// should stop. Text beyond twice the limit is dropped, and a line says how much once the reader
  /// goes on.
  void on_congested(std::function<void(bool)> callback) { on_congested_ = std::move(callback); }

  /// Takes text as it is, newlines included. It is written before the loop waits again.
  void append(std::string_view text);

  /// Has a text below the log from the next write on: before each further one it is taken away, and behind it, if that
  /// ends with a line's end, written again. Nothing happens if the text is the same as before.
  void set_footer(log_footer footer);

  /// Waits until everything is written, but no longer than `limit`: for the end of the program.
  /// False if something is left.
  bool flush_blocking(duration limit = std::chrono::seconds(2));

  std::size_t waiting_bytes() const noexcept { return writing_.size() - written_ + pending_.size(); }

 private:
  enum class progress { done, would_block, closed };
  class readiness;

  void schedule_flush();
  void flush();
  progress write_waiting();
  void take_pending();
  std::int64_t write_once(std::string_view bytes);
  void wait_for_reader();
  void drop_everything();
  void settle();
  void tell_congestion();

  boost::asio::io_context& context_;
  int descriptor_;
  bool own_descriptor_ = false;
  bool is_socket_ = false;
  std::size_t limit_bytes_;
  std::function<void(bool)> on_congested_;
  std::string pending_;  ///< appended, not yet looked at
  std::string writing_;  ///< being written, from written_ on
  std::size_t written_ = 0;
  log_footer footer_;
  std::function<std::string()> erase_written_;  ///< of the footer that is below the log; null: none is
  bool footer_changed_ = false;
  bool at_line_start_ = true;  ///< behind what has been taken from pending_
  std::uint64_t dropped_bytes_ = 0;
  bool scheduled_ = false;
  bool waiting_ = false;
  bool congested_ = false;
  bool told_congested_ = false;  ///< what on_congested_ was last called with
  bool closed_ = false;
  std::unique_ptr<readiness> readiness_;  ///< made when the descriptor first is full
  std::shared_ptr<log_writer*> self_;     ///< what handlers hold; nulled by the destructor
};

}  // namespace kelvin
