#pragma once

#include "byte_buffer.hpp"
#include "http_text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace bench {

/// Ends the program with a sentence: a measuring program that cannot go on has nothing to report.
[[noreturn]] inline void fail(const std::string& sentence) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, sentence.c_str());
  std::exit(1);
}

[[noreturn]] inline void fail_errno(const std::string& what) {
  fail(what + ": " + std::strerror(errno));
}

/// CLOCK_MONOTONIC, the same for every process of the machine.
inline std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

inline sockaddr_in loopback(std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline void set_no_delay(int socket) noexcept {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// A listening socket on a free (0) or given loopback port. `flags`: SOCK_NONBLOCK or 0.
inline int listen_on_loopback(std::uint16_t port, int flags) {
  const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (listening < 0)
    fail_errno("socket");
  const int on = 1;
  setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail_errno("bind");
  if (listen(listening, 1024) != 0)
    fail_errno("listen");
  return listening;
}

inline std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    fail_errno("getsockname");
  return ntohs(address.sin_port);
}

/// A blocking connection, or -1 with errno.
inline int connect_to_loopback(std::uint16_t port) noexcept {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0)
    return -1;
  const sockaddr_in address = loopback(port);
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int reason = errno;
    close(connection);
    errno = reason;
    return -1;
  }
  set_no_delay(connection);
  return connection;
}

/// Writes head and body whole to a blocking socket. False: the peer is gone.
inline bool write_whole(int socket, std::string_view head, std::string_view body) noexcept {
  while (!head.empty() || !body.empty()) {
    iovec parts[2] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return false;
    const std::size_t from_head = std::min(static_cast<std::size_t>(sent), head.size());
    head.remove_prefix(from_head);
    body.remove_prefix(static_cast<std::size_t>(sent) - from_head);
  }
  return true;
}

/// Reads one message from a blocking socket into `buffer`, which must be empty. False: the peer is gone or
/// speaks what the bench does not.
inline bool read_message(int socket, byte_buffer& buffer, message_extent& extent) {
  extent = {};
  while (true) {
    if (extent.head_bytes == 0) {
      buffer.reserve_room(16 * 1024);
    } else {
      buffer.reserve_room(extent.head_bytes + extent.body_bytes - buffer.size());
    }
    const ssize_t count = recv(socket, buffer.end(), buffer.room(), 0);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    buffer.commit(static_cast<std::size_t>(count));
    if (extent.head_bytes == 0)
      extent = measure_message(buffer.view());
    if (!extent.understood)
      return false;
    if (extent.complete_in(buffer.size()))
      return true;
  }
}

/// The port of AWS_LAMBDA_RUNTIME_API, which is 127.0.0.1:PORT in every bench.
inline std::uint16_t runtime_api_port() {
  const char* endpoint = std::getenv("AWS_LAMBDA_RUNTIME_API");
  const char* colon = endpoint == nullptr ? nullptr : std::strrchr(endpoint, ':');
  if (colon == nullptr)
    fail("AWS_LAMBDA_RUNTIME_API is not 127.0.0.1:PORT; start this program as a bootstrap");
  return static_cast<std::uint16_t>(std::atoi(colon + 1));
}

}  // namespace bench
