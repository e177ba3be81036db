#include "emulator/observability/log_writer.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kelvin {

/// Tells when the descriptor can take more. It waits on an epoll descriptor that watches ours,
/// because Asio would switch the descriptor itself to non-blocking mode, for a socket also for
/// everybody who shares it.
class log_writer::readiness {
 public:
  readiness(boost::asio::io_context& context, int watched) : watched_(watched), stream_(context) {
    const int watcher = ::epoll_create1(EPOLL_CLOEXEC);
    if (watcher < 0) {
      return;
    }
    epoll_event event{};
    usable_ = ::epoll_ctl(watcher, EPOLL_CTL_ADD, watched_, &event) == 0;
    stream_.assign(watcher);
  }

  bool usable() const noexcept { return usable_; }

  template <class Handler>
  void wait(Handler handler) {
    epoll_event event{};
    event.events = EPOLLOUT | EPOLLONESHOT;
    ::epoll_ctl(stream_.native_handle(), EPOLL_CTL_MOD, watched_, &event);
    stream_.async_wait(boost::asio::posix::descriptor_base::wait_read, std::move(handler));
  }

 private:
  int watched_;
  bool usable_ = false;
  boost::asio::posix::basic_stream_descriptor<executor> stream_;
};

log_writer::log_writer(boost::asio::io_context& context, int descriptor, std::size_t limit_bytes)
    : context_(context),
      descriptor_(descriptor),
      limit_bytes_(limit_bytes),
      self_(std::make_shared<log_writer*>(this)) {
  std::signal(SIGPIPE, SIG_IGN);
  struct stat what {};
  if (::fstat(descriptor, &what) != 0) {
    closed_ = true;
    return;
  }
  is_socket_ = S_ISSOCK(what.st_mode);
  // A file keeps its descriptor: one of our own would have its own position, and what others write
  // through theirs would overwrite the log.
  if (S_ISCHR(what.st_mode) || S_ISFIFO(what.st_mode)) {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    const int reopened = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (reopened >= 0) {
      descriptor_ = reopened;
      own_descriptor_ = true;
    }
  }
}

log_writer::~log_writer() {
  *self_ = nullptr;
  readiness_.reset();
  if (own_descriptor_) {
    ::close(descriptor_);
  }
}

void log_writer::append(std::string_view text) {
  if (closed_ || text.empty()) {
    return;
  }
  if (waiting_bytes() + text.size() > 2 * limit_bytes_) {
    dropped_bytes_ += text.size();
    return;
  }
  pending_.append(text);
  if (!congested_ && waiting_bytes() > limit_bytes_) {
    congested_ = true;
  }
  schedule_flush();
}

void log_writer::set_footer(log_footer footer) {
  if (closed_ || footer.text == footer_.text) {
    return;
  }
  footer_ = std::move(footer);
  footer_changed_ = true;
  schedule_flush();
}

void log_writer::schedule_flush() {
  const bool something_to_do = !waiting_ || congested_ != told_congested_;
  if (scheduled_ || !something_to_do) {
    return;
  }
  scheduled_ = true;
  boost::asio::post(context_, [self = self_] {
    if (*self) {
      (*self)->scheduled_ = false;
      (*self)->flush();
    }
  });
}

void log_writer::flush() {
  if (waiting_) {
    tell_congestion();
    return;
  }
  switch (write_waiting()) {
    case progress::done: settle(); break;
    case progress::would_block: wait_for_reader(); break;
    case progress::closed: drop_everything(); break;
  }
  tell_congestion();
}

void log_writer::tell_congestion() {
  if (congested_ != told_congested_) {
    told_congested_ = congested_;
    if (on_congested_) {
      on_congested_(congested_);
    }
  }
}

log_writer::progress log_writer::write_waiting() {
  while (waiting_bytes() > 0 || footer_changed_) {
    if (written_ == writing_.size()) {
      take_pending();
    }
    const std::int64_t count = write_once(std::string_view(writing_).substr(written_));
    if (count >= 0) {
      written_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return progress::would_block;
    } else if (errno != EINTR) {
      return progress::closed;
    }
  }
  return progress::done;
}

/// With what is around it on a terminal: all of it is in one write.
void log_writer::take_pending() {
  writing_.clear();
  written_ = 0;
  writing_.swap(pending_);
  if (!writing_.empty()) {
    at_line_start_ = writing_.back() == '\n';
  }
  footer_changed_ = false;
  if (const auto erase = std::exchange(erase_written_, nullptr)) {
    writing_.insert(0, erase());
  }
  if (!footer_.text.empty() && at_line_start_) {
    writing_.append(footer_.text);
    erase_written_ = footer_.erase;
  }
}

std::int64_t log_writer::write_once(std::string_view bytes) {
  return is_socket_ ? ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                    : ::write(descriptor_, bytes.data(), bytes.size());
}

void log_writer::wait_for_reader() {
  if (!readiness_) {
    readiness_ = std::make_unique<readiness>(context_, descriptor_);
  }
  if (!readiness_->usable()) {
    drop_everything();
    return;
  }
  waiting_ = true;
  readiness_->wait([self = self_](boost::system::error_code) {
    if (*self) {
      (*self)->waiting_ = false;
      (*self)->flush();
    }
  });
}

void log_writer::drop_everything() {
  closed_ = true;
  pending_ = std::string();
  writing_ = std::string();
  written_ = 0;
  footer_changed_ = false;
  settle();
}

/// Nothing waits any more: gives back a burst's memory, says what was lost, lets producers go on.
void log_writer::settle() {
  constexpr std::size_t kept_bytes = 256 * 1024;
  if (writing_.capacity() > kept_bytes) {
    writing_ = std::string();
    written_ = 0;
  }
  congested_ = false;
  if (const std::uint64_t lost = std::exchange(dropped_bytes_, 0); lost != 0) {
    append("kelvin: warning: " + std::to_string(lost) +
           " bytes of log were dropped, because nobody read them in time\n");
  }
}

bool log_writer::flush_blocking(duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!closed_) {
    const progress made = write_waiting();
    if (made == progress::closed) {
      drop_everything();
    }
    if (made != progress::would_block) {
      break;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return false;
    }
    pollfd writable{descriptor_, POLLOUT, 0};
    ::poll(&writable, 1, static_cast<int>(left.count()));
  }
  return waiting_bytes() == 0;
}

}  // namespace kelvin
