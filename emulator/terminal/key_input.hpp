#pragma once

#include "runtime-api/base/awaitable.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <string_view>

#include <termios.h>

namespace kelvin {

/// Reads single keys from a terminal, on a descriptor of its own, so that non-blocking mode does not reach others that
/// share ours. Only echo and waiting for whole lines are switched off, and only between begin() and end(): Ctrl-C,
/// Ctrl-Z and what is printed work as ever.
class key_input {
 public:
  /// Gets the bytes of one read, on the loop.
  using handler = std::function<void(std::string_view)>;

  /// Null: `terminal` is none, or cannot be opened anew.
  static std::unique_ptr<key_input> open(boost::asio::io_context& context, int terminal, handler on_bytes);
  /// As end().
  ~key_input();
  key_input(const key_input&) = delete;
  key_input& operator=(const key_input&) = delete;

  /// Takes the terminal's modes over and reads. Called again it sets the modes again. Only for who is in the
  /// foreground.
  void begin();
  /// Reads no more, and leaves the modes as they are.
  void pause();
  /// pause(), and gives the terminal the modes that it had before begin().
  void end();

 private:
  using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

  key_input(descriptor terminal, handler on_bytes) : terminal_(std::move(terminal)), on_bytes_(std::move(on_bytes)) {}
  void set_modes(const termios& modes);
  void wait();
  void read();

  descriptor terminal_;
  handler on_bytes_;
  termios before_{};
  bool has_modes_ = false;  ///< the terminal's are ours, and `before_` those to restore
  bool reading_ = false;
  bool waiting_ = false;
};

}  // namespace kelvin
