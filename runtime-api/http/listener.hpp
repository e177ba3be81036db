#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/result.hpp"
#include "runtime-api/http/exchange.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kelvin::http {

/// Answers one exchange. The exchange lives until the coroutine ends.
using request_handler = std::function<awaitable<void>(exchange&)>;

struct listener_options {
  std::string address = "127.0.0.1";  ///< IP literal
  std::uint16_t port = 0;             ///< 0: any free one
  std::size_t header_limit_bytes = limits::caller_header_bytes;
  std::size_t connection_limit = limits::connections;
  /// Between two requests; nullopt: for ever (Runtime API).
  std::optional<duration> idle_timeout = limits::keep_alive_idle;
  /// Inside a request's body; nullopt: for ever (Runtime API, where the function's timeout rules).
  std::optional<duration> body_idle_timeout = limits::body_read_idle;
  /// From a request's first byte to the end of its header; nullopt: for ever.
  std::optional<duration> header_timeout = limits::header_read;
  /// While a peer takes nothing of an answer; nullopt: for ever.
  std::optional<duration> write_idle_timeout = limits::response_write_idle;
  /// Called with the time of each accepted connection, before anything is read from it.
  std::function<void(steady_time)> on_accept;
  /// Called with what escapes a handler (or a bug in a session); its caller was answered 500.
  std::function<void(std::exception_ptr)> on_exception;
};

/// A socket that listens already, while nobody accepts yet: what connects meanwhile waits in it.
class listening_socket {
 public:
  /// `address`: an IP literal; `port` 0: any free one. Errors: as listener::open.
  static result<listening_socket> open(boost::asio::io_context& context, const std::string& address,
                                       std::uint16_t port);
  listening_socket(listening_socket&&) noexcept;
  listening_socket& operator=(listening_socket&&) noexcept;
  ~listening_socket();

  std::uint16_t port() const noexcept { return port_; }

 private:
  friend class listener;
  struct socket;
  listening_socket(std::unique_ptr<socket> listening, std::uint16_t port);

  std::unique_ptr<socket> socket_;
  std::uint16_t port_;
};

/// A listening socket and its sessions. Destroying it closes all of them.
class listener {
 public:
  /// Binds, listens and starts to accept. Errors: address_in_use, permission_denied,
  /// invalid_argument (not an address), system_failure.
  static result<std::unique_ptr<listener>> open(boost::asio::io_context& context, clock& time, listener_options options,
                                                request_handler handler);
  /// Starts to accept; address and port of the options are the socket's, whatever they say.
  static std::unique_ptr<listener> open(boost::asio::io_context& context, clock& time, listener_options options,
                                        request_handler handler, listening_socket socket);
  virtual ~listener() = default;

  virtual std::uint16_t port() const noexcept = 0;
  virtual std::size_t session_count() const noexcept = 0;
  /// Sessions that are not inside a handler, i.e. could still hold bytes nobody has read.
  virtual std::size_t reading_session_count() const noexcept = 0;
  /// Accepts no more; sessions go on, but each closes behind its present answer.
  virtual void stop_accepting() = 0;
  /// Ends every session at once.
  virtual void close_sessions() = 0;
};

}  // namespace kelvin::http
