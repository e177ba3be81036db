#pragma once

#include "runtime-api/base/awaitable.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <functional>
#include <memory>

namespace kelvin {

/// Turns the signals that a terminal's user causes without meaning the end (SIGWINCH, SIGTSTP, SIGCONT) into calls on
/// the loop for as long as it lives.
class terminal_signals {
 public:
  using handler = std::function<void(int signal_number)>;

  /// Blocks the three signals for the process. Null: signalfd failed.
  static std::unique_ptr<terminal_signals> begin(boost::asio::io_context& context, handler on_signal);
  /// Lets them do again what they did.
  ~terminal_signals();
  terminal_signals(const terminal_signals&) = delete;
  terminal_signals& operator=(const terminal_signals&) = delete;

  /// Stops the process as SIGTSTP does. Returns when it goes on, at once where nobody could make it go on; the SIGCONT
  /// that it went on by is not told.
  static void stop_process();

 private:
  using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

  terminal_signals(descriptor signals, handler on_signal)
      : signals_(std::move(signals)), on_signal_(std::move(on_signal)) {}
  void wait();

  descriptor signals_;
  handler on_signal_;
};

}  // namespace kelvin
