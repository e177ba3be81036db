#pragma once

#include "runtime-api/base/system_clock.hpp"
#include "runtime-api/http/listener.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace kelvin::test {

/// Runs the loop until the condition holds; false if it does not within `longest`. The condition may
/// do work of its own, such as reading a socket.
inline bool run_until(boost::asio::io_context& context, const std::function<bool()>& holds,
                      std::chrono::seconds longest = std::chrono::seconds(20)) {
  const auto give_up = std::chrono::steady_clock::now() + longest;
  while (true) {
    context.restart();
    context.poll();
    if (holds()) {
      return true;
    }
    if (std::chrono::steady_clock::now() > give_up) {
      return false;
    }
    context.run_one_for(std::chrono::milliseconds(1));
  }
}

/// Everything that is ready to run now. What it sends itself over loopback sockets counts.
inline void run_ready(boost::asio::io_context& context) {
  context.restart();
  while (context.poll() != 0) {
    context.restart();
  }
}

/// A client that knows nothing of HTTP: bytes in, bytes out, over a real loopback socket.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, int receive_buffer_bytes = 0)
      : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    REQUIRE(descriptor_ >= 0);
    if (receive_buffer_bytes != 0) {
      ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The kernel completes it from the backlog, before anybody accepts.
    REQUIRE(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
  }
  raw_client(raw_client&& other) noexcept
      : received(std::move(other.received)), ended(other.ended), descriptor_(std::exchange(other.descriptor_, -1)) {}
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  raw_client& operator=(raw_client&&) = delete;
  ~raw_client() { close(); }

  /// Sends what fits now; the number of bytes taken, 0 if none fit, -1 if the connection is broken.
  ssize_t send_now(std::string_view bytes) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : sent;
  }
  /// Sends all, with the loop running meanwhile; false if the connection breaks.
  bool send(boost::asio::io_context& context, std::string_view bytes) {
    bool broken = false;
    run_until(context, [&] {
      while (!bytes.empty() && !broken) {
        const ssize_t sent = send_now(bytes);
        if (sent == 0) {
          return false;
        }
        broken = sent < 0;
        bytes.remove_prefix(broken ? 0 : static_cast<std::size_t>(sent));
      }
      return true;
    });
    return bytes.empty();
  }
  /// Takes what has arrived, at most `limit_bytes`.
  void receive_now(std::size_t limit_bytes = SIZE_MAX) {
    std::string space(std::min<std::size_t>(limit_bytes, 256 * 1024), '\0');
    while (!ended && limit_bytes != 0) {
      const ssize_t count = ::recv(descriptor_, space.data(), std::min(space.size(), limit_bytes), 0);
      if (count > 0) {
        received.append(space, 0, static_cast<std::size_t>(count));
        limit_bytes -= static_cast<std::size_t>(count);
        continue;
      }
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return;
      }
      ended = true;
      reset = count < 0;
    }
  }
  /// Whether `text` arrives.
  bool expect(boost::asio::io_context& context, std::string_view text) {
    return run_until(context,
                     [&] {
                       receive_now();
                       return received.find(text) != std::string::npos || ended;
                     }) &&
           received.find(text) != std::string::npos;
  }
  /// Whether that many bytes arrive.
  bool expect_bytes(boost::asio::io_context& context, std::size_t count) {
    return run_until(context,
                     [&] {
                       receive_now();
                       return received.size() >= count || ended;
                     }) &&
           received.size() >= count;
  }
  /// Whether the server closes its side.
  bool expect_end(boost::asio::io_context& context) {
    return run_until(context, [&] {
      receive_now();
      return ended;
    });
  }
  void end_sending() { ::shutdown(descriptor_, SHUT_WR); }
  void close() {
    if (descriptor_ >= 0) {
      ::close(std::exchange(descriptor_, -1));
    }
  }
  /// Closes so that the server gets a reset.
  void break_off() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  std::string received;
  bool ended = false;  ///< the server sends no more
  bool reset = false;  ///< and that it was by a reset

 private:
  int descriptor_;
};

/// Replaces the value of every Date field, the one part of an answer that no test can know.
inline std::string without_dates(std::string text) {
  constexpr std::string_view name = "\r\nDate: ";
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const std::size_t begin = at + name.size();
    text.replace(begin, text.find("\r\n", begin) - begin, "*");
  }
  return text;
}

/// A listener with its loop, and transcripts to run against it.
class http_server {
 public:
  explicit http_server(http::request_handler handler, http::listener_options options = {})
      : http_server(std::move(handler), std::move(options), nullptr) {}
  /// `time`: the clock to use instead of the real one; must outlive the server.
  http_server(http::request_handler handler, http::listener_options options, clock* time)
      : real_time_(context), time_(time ? *time : real_time_) {
    auto opened = http::listener::open(context, time_, std::move(options), std::move(handler));
    REQUIRE(opened.has_value());
    listening = std::move(*opened);
  }
  ~http_server() {
    listening.reset();
    run_ready(context);
  }

  raw_client connect(int receive_buffer_bytes = 0) { return raw_client(listening->port(), receive_buffer_bytes); }
  /// Sends the bytes over a new connection, ends that side and returns all that comes back until the
  /// server closes, dates replaced by `*`.
  std::string talk(std::string_view bytes) {
    raw_client client = connect();
    client.send(context, bytes);
    client.end_sending();
    CHECK(client.expect_end(context));
    return without_dates(std::move(client.received));
  }
  bool run_until(const std::function<bool()>& holds) { return test::run_until(context, holds); }

  boost::asio::io_context context{1};
  std::unique_ptr<http::listener> listening;

 private:
  system_clock real_time_;
  clock& time_;
};

}  // namespace kelvin::test
