#include "emulator/sandbox/cpu_throttle.hpp"

#include "emulator/sandbox/cpu_share.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace kelvin {

cpu_throttle::cpu_throttle(executor loop, pid_t reaper, tree_pause& pause, duration quota)
    : meter_(reaper),
      pause_(pause),
      bucket_(quota, cpu_period, std::max(1u, std::thread::hardware_concurrency())),
      timer_(loop) {}

void cpu_throttle::begin() {
  if (active_) {
    return;
  }
  active_ = true;
  const tree_usage usage = std::exchange(measured_, true) ? meter_.measure() : meter_.begin();
  bucket_.begin(std::chrono::steady_clock::now(), usage.cpu);
  look();
}

void cpu_throttle::end() {
  if (!active_) {
    return;
  }
  active_ = false;
  timer_.cancel();
  pause_.resume();
}

void cpu_throttle::look() {
  const tree_usage usage = meter_.measure();
  const token_bucket::decision decided = bucket_.look(std::chrono::steady_clock::now(), usage.cpu, usage.threads);
  if (decided.run) {
    pause_.resume();
  } else {
    pause_.pause();
  }
  look_at(decided.look_again);
}

void cpu_throttle::look_at(steady_time due) {
  timer_.expires_at(due);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->active_) {
      self->look();
    }
  });
}

}  // namespace kelvin
