#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/result.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <functional>
#include <memory>

namespace kelvin {

/// Turns SIGINT, SIGTERM and SIGHUP into calls on the loop for as long as it lives.
class signal_watch {
 public:
  /// `from_terminal`: the terminal sent it to the whole foreground group (Ctrl-C), not a program to
  /// us alone.
  using handler = std::function<void(int signal_number, bool from_terminal)>;

  /// Blocks the three signals for the process. Errors: system_failure.
  static result<std::unique_ptr<signal_watch>> begin(boost::asio::io_context& context, handler on_signal);

 private:
  using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

  signal_watch(descriptor signals, handler on_signal)
      : signals_(std::move(signals)), on_signal_(std::move(on_signal)) {}
  void wait();

  descriptor signals_;
  handler on_signal_;
};

}  // namespace kelvin
