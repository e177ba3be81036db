#include "runtime-api/http/connection.hpp"

#include "runtime-api/base/limits.hpp"

#include <boost/asio/buffer.hpp>

#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace kelvin::http {
namespace {

using boost::system::error_code;

// Below 16 KiB a large body takes several times as long, for all its small reads.
constexpr std::size_t buffer_bytes = 16 * 1024;
constexpr std::size_t kept_buffer_bytes = 64 * 1024;
constexpr std::size_t lingering_bytes = 16 * 1024 * 1024;
constexpr auto lingering_time = std::chrono::seconds(2);

std::size_t size_of(const connection::pieces& bytes) noexcept {
  std::size_t total = 0;
  for (const std::string_view piece : bytes) {
    total += piece.size();
  }
  return total;
}

void move_on(connection::pieces& bytes, std::size_t sent) noexcept {
  for (std::string_view& piece : bytes) {
    const std::size_t here = std::min(sent, piece.size());
    piece.remove_prefix(here);
    sent -= here;
  }
}

std::array<boost::asio::const_buffer, 3> buffers_of(const connection::pieces& bytes) noexcept {
  return {boost::asio::const_buffer(bytes[0].data(), bytes[0].size()),
          boost::asio::const_buffer(bytes[1].data(), bytes[1].size()),
          boost::asio::const_buffer(bytes[2].data(), bytes[2].size())};
}

}  // namespace

connection::connection(tcp_socket socket, clock& time, std::optional<duration> write_idle_timeout)
    : socket_(std::move(socket)),
      time_(time),
      write_idle_timeout_(write_idle_timeout),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_bytes)),
      capacity_(buffer_bytes) {
  error_code ignored;  // a peer that is already gone is noticed by the first read
  socket_.non_blocking(true, ignored);
  // The functions' processes must not inherit it.
  ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
}

void connection::arm(std::optional<steady_time> due) {
  timed_out_ = false;
  if (!due) {
    return;
  }
  if (!alarm_) {
    alarm_ = time_.make_alarm([this] {
      timed_out_ = true;
      error_code ignored;
      socket_.cancel(ignored);
    });
  }
  alarm_->set(*due);
}

connection::outcome connection::finish(const error_code& error) noexcept {
  if (alarm_) {
    alarm_->clear();
  }
  if (closed_) {
    return outcome::failed;
  }
  if (!error) {
    return outcome::done;
  }
  if (error == boost::asio::error::operation_aborted && timed_out_) {
    return outcome::timed_out;
  }
  return error == boost::asio::error::eof ? outcome::end : outcome::failed;
}

void connection::make_room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  }
  if (end_ < capacity_) {
    return;
  }
  const std::size_t held = end_ - begin_;
  if (held <= capacity_ / 2) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  } else {
    auto grown = std::make_unique_for_overwrite<char[]>(capacity_ * 2);
    std::memcpy(grown.get(), buffer_.get() + begin_, held);
    buffer_ = std::move(grown);
    capacity_ *= 2;
  }
  begin_ = 0;
  end_ = held;
}

awaitable<connection::outcome> connection::fill(std::optional<steady_time> due) {
  if (closed_) {
    co_return outcome::failed;
  }
  make_room();
  arm(due);
  const boost::asio::mutable_buffer space(buffer_.get() + end_, capacity_ - end_);
  const auto [error, count] = co_await socket_.async_read_some(space, as_tuple);
  end_ += count;
  co_return finish(error);
}

awaitable<connection::read_result> connection::read_into(std::span<char> space, std::optional<steady_time> due) {
  if (closed_) {
    co_return read_result{outcome::failed};
  }
  arm(due);
  const boost::asio::mutable_buffer target(space.data(), space.size());
  const auto [error, count] = co_await socket_.async_read_some(target, as_tuple);
  const outcome what = finish(error);
  co_return read_result{what, count};
}

void connection::shrink() {
  if (capacity_ <= kept_buffer_bytes || end_ - begin_ > buffer_bytes) {
    return;
  }
  auto smaller = std::make_unique_for_overwrite<char[]>(buffer_bytes);
  const std::size_t held = end_ - begin_;
  std::memcpy(smaller.get(), buffer_.get() + begin_, held);
  buffer_ = std::move(smaller);
  capacity_ = buffer_bytes;
  begin_ = 0;
  end_ = held;
}

std::optional<connection::outcome> connection::write_now(pieces& bytes) noexcept {
  if (closed_) {
    return outcome::failed;
  }
  error_code error;
  const std::size_t sent = socket_.write_some(buffers_of(bytes), error);
  move_on(bytes, sent);
  if (error && error != boost::asio::error::would_block) {
    return outcome::failed;
  }
  return size_of(bytes) == 0 ? std::optional(outcome::done) : std::nullopt;
}

awaitable<bool> connection::write_rest(pieces bytes, std::optional<steady_time> latest) {
  int untaken = untaken_bytes();
  while (size_of(bytes) != 0) {
    if (closed_) {
      co_return false;
    }
    std::optional<steady_time> due = latest;
    if (write_idle_timeout_) {
      const steady_time idle = time_.now() + *write_idle_timeout_;
      due = due ? std::min(*due, idle) : idle;
    }
    arm(due);
    const auto buffers = buffers_of(bytes);
    const auto [error, count] = co_await socket_.async_write_some(buffers, as_tuple);
    const outcome what = finish(error);
    const int still_untaken = untaken_bytes();
    const bool may_wait_on =
        what == outcome::timed_out && still_untaken < untaken && (!latest || time_.now() < *latest);
    if (what != outcome::done && !may_wait_on) {
      co_return false;
    }
    untaken = still_untaken;
    move_on(bytes, count);
  }
  co_return true;
}

int connection::untaken_bytes() noexcept {
  int count = 0;
  return !closed_ && ::ioctl(socket_.native_handle(), SIOCOUTQ, &count) == 0 ? count : 0;
}

awaitable<void> connection::close_gently() {
  if (closed_) {
    co_return;
  }
  error_code ignored;
  socket_.shutdown(boost::asio::socket_base::shutdown_send, ignored);
  begin_ = end_ = 0;
  const steady_time due = time_.now() + lingering_time;
  for (std::size_t dropped = 0; dropped < lingering_bytes;) {
    const read_result read = co_await read_into({buffer_.get(), capacity_}, due);
    if (read.what != outcome::done) {
      break;
    }
    dropped += read.count;
  }
  close();
}

void connection::close() noexcept {
  if (closed_) {
    return;
  }
  closed_ = true;
  alarm_.reset();
  error_code ignored;
  socket_.close(ignored);
}

bool connection::peer_closed() noexcept {
  if (closed_) {
    return true;
  }
  char byte;
  const ssize_t count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool connection::has_input() noexcept {
  if (begin_ != end_) {
    return true;
  }
  char byte;
  return !closed_ && ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace kelvin::http
