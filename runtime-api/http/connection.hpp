#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace kelvin::http {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;

/// One accepted or connected socket with its read buffer and the one alarm that all of its deadlines
/// share. At most one read or write is under way at a time. After close() every operation fails at
/// once and the clock is no longer used.
class connection {
 public:
  enum class outcome {
    done,
    end,  ///< the peer sends no more
    timed_out,
    failed,  ///< reset, or closed by us
  };
  struct read_result {
    outcome what;
    std::size_t count = 0;
  };
  /// What one system call can send together.
  using pieces = std::array<std::string_view, 3>;

  /// `write_idle_timeout`: the longest time the peer may take nothing of what is sent; nullopt: for ever.
  connection(tcp_socket socket, clock& time, std::optional<duration> write_idle_timeout);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Bytes read and not yet consumed; the view lasts until the next fill() or shrink().
  std::string_view buffered() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t count) noexcept { begin_ += count; }
  /// Reads more behind what is buffered, by `due` (nullopt: however long it takes). Grows the buffer
  /// when it is full: whoever consumes nothing must bound it.
  awaitable<outcome> fill(std::optional<steady_time> due);
  /// Reads straight into `space`, past the buffer. Precondition: nothing is buffered.
  awaitable<read_result> read_into(std::span<char> space, std::optional<steady_time> due);
  /// Gives back what a large header made the buffer grow to.
  void shrink();

  /// Sends as much as the system takes at once and moves `bytes` on. Never waits.
  /// done: all of it; failed: the peer is gone; nullopt: write_rest() has to wait for the peer.
  std::optional<outcome> write_now(pieces& bytes) noexcept;
  /// Sends the rest; false if the peer is gone, takes nothing for the write idle timeout, or has
  /// not taken all by `latest`.
  awaitable<bool> write_rest(pieces bytes, std::optional<steady_time> latest = std::nullopt);

  /// Ends our side, then reads and drops what the peer still sends, for a bounded time and amount,
  /// and closes: closing at once would reset the connection and could take the answer from the peer.
  awaitable<void> close_gently();
  /// Ends everything at once. Whoever waits in an operation gets `failed`.
  void close() noexcept;
  bool closed() const noexcept { return closed_; }

  /// Whether the peer has ended its side or reset the connection. Unread bytes hide that.
  bool peer_closed() noexcept;
  /// Whether bytes wait to be read, here or in the system.
  bool has_input() noexcept;

 private:
  void arm(std::optional<steady_time> due);
  outcome finish(const boost::system::error_code& error) noexcept;
  void make_room();
  /// Of what was sent, the bytes the peer's system has not yet taken: a slow reader makes progress
  /// here long before there is room to send more.
  int untaken_bytes() noexcept;

  tcp_socket socket_;
  clock& time_;
  const std::optional<duration> write_idle_timeout_;
  std::unique_ptr<alarm> alarm_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool timed_out_ = false;
  bool closed_ = false;
};

}  // namespace kelvin::http
