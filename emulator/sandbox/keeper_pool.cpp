#include "emulator/sandbox/keeper_pool.hpp"

#include <fcntl.h>

#include <utility>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

/// Forking the next keeper waits until the function that was just started had its init, in which it would
/// show on a machine of one or two cores; but not for an init that takes long.
constexpr auto longest_park_delay = 100ms;

/// An init that is over is followed by an invocation, which comes first.
constexpr auto park_delay = 1ms;

/// A spawner that ended sooner is replaced at the next request only, lest a machine that kills every
/// spawner keep kelvin forking.
constexpr auto shortest_life = 1s;

}  // namespace

keeper_pool::keeper_pool(executor loop, spawner owned)
    : loop_(loop), spawner_(std::move(owned)), park_timer_(loop), watched_(loop) {}

void keeper_pool::start() {
  watch_spawner();
  park();
}

void keeper_pool::expect(bool isolated) {
  isolated_ = isolated;
  if (parked_) {
    parked_->prepare(isolated);
  }
}

result<std::shared_ptr<keeper_link>> keeper_pool::take() {
  park_after(longest_park_delay);
  auto keeper = parked_ ? result<std::shared_ptr<keeper_link>>(std::exchange(parked_, nullptr)) : request();
  if (keeper) {
    std::erase_if(taken_, [](const auto& each) { return each.expired(); });
    taken_.push_back(*keeper);
  }
  return keeper;
}

result<output_pipe_ends> keeper_pool::take_pipes() {
  if (pipes_) {
    result<output_pipe_ends> ready(std::move(*pipes_));
    pipes_.reset();
    return ready;
  }
  return make_pipes();
}

result<std::shared_ptr<keeper_link>> keeper_pool::request() {
  const pid_t before = spawner_.process_id();
  auto socket = spawner_.request_keeper();
  if (spawner_.process_id() != before) {
    watch_spawner();
  }
  if (!socket) {
    return socket.error();
  }
  return std::make_shared<keeper_link>(loop_, std::move(*socket));
}

/// What cannot be had now is made when it is needed, and its failure told then.
void keeper_pool::park() {
  if (auto keeper = request()) {
    parked_ = std::move(*keeper);
    if (isolated_) {
      parked_->prepare(*isolated_);
    }
  }
  if (!pipes_) {
    if (auto made = make_pipes()) {
      pipes_ = std::move(*made);
    }
  }
}

void keeper_pool::park_soon() {
  if (!parked_ && !closed_) {
    park_after(park_delay);
  }
}

void keeper_pool::park_after(duration delay) {
  park_timer_.expires_after(delay);
  park_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && !self->closed_ && !self->parked_) {
      self->park();
    }
  });
}

void keeper_pool::watch_spawner() {
  spawner_started_ = std::chrono::steady_clock::now();
  boost::system::error_code ignored;
  watched_.close(ignored);
  const int link = ::fcntl(spawner_.link(), F_DUPFD_CLOEXEC, 3);
  if (link < 0) {
    return;  // A spawner that ends is then noticed at the next request.
  }
  watched_.assign(link);
  watched_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                      [weak = weak_from_this()](const boost::system::error_code& error) {
                        const auto self = weak.lock();
                        if (!error && self && !self->closed_) {
                          self->on_spawner_ended();
                        }
                      });
}

void keeper_pool::on_spawner_ended() {
  if (std::chrono::steady_clock::now() - spawner_started_ < shortest_life) {
    return;
  }
  if (spawner_.restart()) {
    watch_spawner();
  }
}

void keeper_pool::close() noexcept {
  closed_ = true;
  park_timer_.cancel();
  if (parked_) {
    parked_->close();
  }
  for (const auto& each : taken_) {
    if (const auto keeper = each.lock()) {
      keeper->close();
    }
  }
  boost::system::error_code ignored;
  watched_.close(ignored);
}

}  // namespace kelvin
