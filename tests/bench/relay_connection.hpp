#pragma once

#include "byte_buffer.hpp"
#include "http_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// One non-blocking connection of the relay: reads whole messages, writes at once, and keeps only what the
/// socket did not take. Bodies go from the reading buffer straight into sendmsg; those that do not fit the
/// socket's buffer at once are moved, never copied.
class relay_connection {
 public:
  enum class side { caller, runtime };
  enum class reading { message, nothing, ended };

  relay_connection(int epoll, int socket, side which);
  ~relay_connection();
  relay_connection(const relay_connection&) = delete;
  relay_connection& operator=(const relay_connection&) = delete;

  side which() const noexcept { return side_; }
  bool ended() const noexcept { return ended_; }

  /// Takes what the socket holds. `message`: head() and body() are valid until finish_message().
  reading read_message();
  std::string_view head() const noexcept { return input_.view().substr(0, extent_.head_bytes); }
  std::string_view body() const noexcept { return input_.view().substr(extent_.head_bytes, extent_.body_bytes); }
  void finish_message() noexcept;

  /// Sends `head` and the part of `source` from `offset` on. If the socket does not take all of it, `source` is
  /// moved in here and the rest follows when it does.
  void send(std::string_view head, byte_buffer& source, std::size_t offset, std::size_t size);
  void send(std::string_view head) {
    byte_buffer none;
    send(head, none, 0, 0);
  }
  /// As send(), for the body of the message that `from` holds.
  void forward(std::string_view head, relay_connection& from) {
    send(head, from.input_, from.extent_.head_bytes, from.extent_.body_bytes);
  }
  /// For a caller whose answer is under way: ends the connection if the peer has closed it.
  void notice_close();
  /// The socket takes bytes again.
  void flush();

  std::uint64_t invocation = 0;  ///< the one this connection waits for (caller) or works on (runtime), 0: none

 private:
  void want_writable(bool wanted);

  int epoll_;
  int socket_;
  side side_;
  bool ended_ = false;
  bool writable_wanted_ = false;
  byte_buffer input_;
  message_extent extent_;
  std::string pending_head_;
  byte_buffer pending_;
  std::size_t pending_offset_ = 0;
  std::size_t pending_end_ = 0;
};

}  // namespace bench
