#include "emulator/sandbox/keeper_pool.hpp"

#include <fcntl.h>

#include <utility>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

/// Forking the next keeper waits until the function that was just started had its time: on a machine
/// of one or two cores it would show in the function's init.
constexpr auto park_delay = 10ms;

/// A spawner that ended sooner is replaced at the next request only, lest a machine that kills every
/// spawner keep kelvin forking.
constexpr auto shortest_life = 1s;

}  // namespace

keeper_pool::keeper_pool(executor loop, spawner owned)
    : loop_(loop), spawner_(std::move(owned)), park_timer_(loop), watched_(loop) {}

void keeper_pool::start() {
  watch_spawner();
  if (auto keeper = spawner_.request_keeper()) {
    parked_ = std::move(*keeper);
  }
}

result<std::shared_ptr<keeper_link>> keeper_pool::take() {
  park_later();
  auto socket = parked_ ? result<descriptor>(std::move(parked_)) : request();
  if (!socket) {
    return socket.error();
  }
  auto keeper = std::make_shared<keeper_link>(loop_, std::move(*socket));
  std::erase_if(taken_, [](const auto& each) { return each.expired(); });
  taken_.push_back(keeper);
  return keeper;
}

result<descriptor> keeper_pool::request() {
  const pid_t before = spawner_.process_id();
  auto keeper = spawner_.request_keeper();
  if (spawner_.process_id() != before) {
    watch_spawner();
  }
  return keeper;
}

void keeper_pool::park_later() {
  park_timer_.expires_after(park_delay);
  park_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->closed_ || self->parked_) {
      return;
    }
    if (auto keeper = self->request()) {
      self->parked_ = std::move(*keeper);
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
  parked_.reset();
  for (const auto& each : taken_) {
    if (const auto keeper = each.lock()) {
      keeper->close();
    }
  }
  boost::system::error_code ignored;
  watched_.close(ignored);
}

}  // namespace kelvin
