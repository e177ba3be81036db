#include "emulator/sandbox/output_pipe.hpp"

#include "emulator/sandbox/start_failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace kelvin {

result<pipe_ends> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return call_failure("pipe2", errno);
  }
  pipe_ends made{descriptor(ends[0]), descriptor(ends[1])};
  if (::fcntl(made.read_end.get(), F_SETFL, O_NONBLOCK) != 0) {
    return call_failure("fcntl", errno);
  }
  return made;
}

result<output_pipe_ends> make_pipes() {
  auto output = make_pipe();
  if (!output) {
    return output.error();
  }
  auto error = make_pipe();
  if (!error) {
    return error.error();
  }
  return output_pipe_ends{std::move(*output), std::move(*error)};
}

void output_readers::set_paused(bool paused) {
  paused_ = paused;
  if (paused) {
    return;
  }
  for (output_pipe* pipe : pipes_) {
    if (!pipe->armed_) {
      pipe->arm();
    }
  }
}

output_pipe::output_pipe(executor loop, descriptor read_end, output_stream stream,
                         std::shared_ptr<output_readers> readers, sandbox_observer& observer)
    : descriptor_(loop, read_end.get()), stream_(stream), readers_(std::move(readers)), observer_(&observer) {
  read_end.release();
}

void output_pipe::start() {
  readers_->pipes_.insert(this);
  arm();
}

void output_pipe::arm() {
  armed_ = true;
  // Waiting instead of an asynchronous read: no bytes are ever on their way to a handler, so drain()
  // can read at any moment without overtaking them.
  descriptor_.async_wait(
      boost::asio::posix::descriptor_base::wait_read,
      [self = shared_from_this()](const boost::system::error_code& error) { self->on_readable(error); });
}

void output_pipe::on_readable(const boost::system::error_code& error) {
  armed_ = false;
  if (error || ended_ || (readers_->paused_ && !ignores_pause_)) {
    return;
  }
  // One read per turn of the loop: a flood must not starve everybody else.
  read_once();
  if (!ended_) {
    arm();
  } else if (at_end_) {
    at_end_();
  }
}

std::size_t output_pipe::read_once() {
  auto& buffer = readers_->buffer_;
  ssize_t count = 0;
  do {
    count = ::read(descriptor_.native_handle(), buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  if (count > 0) {
    splitter_.feed({buffer.data(), static_cast<std::size_t>(count)}, [this](std::string_view line) { deliver(line); });
    return static_cast<std::size_t>(count);
  }
  if (count == 0 || errno != EAGAIN) {
    finish();
  }
  return 0;
}

void output_pipe::drain() {
  std::size_t total = 0;
  std::size_t capacity = readers_->buffer_.size();
  while (!ended_ && total <= capacity) {
    const std::size_t count = read_once();
    if (count == 0) {
      return;
    }
    if (count == readers_->buffer_.size() && total == 0) {
      // The process may have made its pipe bigger.
      const int bytes = ::fcntl(descriptor_.native_handle(), F_GETPIPE_SZ);
      capacity = bytes > 0 ? static_cast<std::size_t>(bytes) : capacity;
    }
    total += count;
  }
}

void output_pipe::read_to_end(std::function<void()> at_end) {
  ignores_pause_ = true;
  at_end_ = std::move(at_end);
  if (!armed_ && !ended_) {
    arm();
  }
}

void output_pipe::finish() {
  if (ended_) {
    return;
  }
  splitter_.finish([this](std::string_view line) { deliver(line); });
  close();
}

void output_pipe::close() noexcept {
  observer_ = nullptr;
  at_end_ = ended_ ? nullptr : std::move(at_end_);
  ended_ = true;
  readers_->pipes_.erase(this);
  boost::system::error_code ignored;
  descriptor_.close(ignored);
}

void output_pipe::deliver(std::string_view line) {
  if (observer_ != nullptr) {
    observer_->on_output_line(stream_, line);
  }
}

}  // namespace kelvin
