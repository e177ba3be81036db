#include "emulator/gateway/deadline_queue.hpp"

#include <utility>

namespace kelvin {

deadline_queue::deadline::deadline(std::shared_ptr<state> of, steady_time due, std::function<void()> on_due)
    : state_(std::move(of)), on_due_(std::move(on_due)), place_(state_->waiting.emplace(due, this)) {}

deadline_queue::deadline::~deadline() {
  if (place_ != state_->waiting.end()) {
    state_->waiting.erase(place_);
  }
}

deadline_queue::deadline_queue(kelvin::clock& time) : state_(std::make_shared<state>()) {
  state_->next = time.make_alarm([weak = std::weak_ptr<state>(state_), &time] { call_due(weak, time); });
}

deadline_queue::~deadline_queue() {
  state_->next.reset();
}

std::unique_ptr<deadline_queue::deadline> deadline_queue::add(steady_time due, std::function<void()> on_due) {
  auto added = std::make_unique<deadline>(state_, due, std::move(on_due));
  if (added->place_ == state_->waiting.begin()) {
    state_->next->set(due);
  }
  return added;
}

void deadline_queue::call_due(const std::weak_ptr<state>& of, const kelvin::clock& time) {
  const steady_time now = time.now();
  // Looked at anew after each call, which may have changed everything.
  for (auto alive = of.lock(); alive && alive->next && !alive->waiting.empty(); alive = of.lock()) {
    const auto first = alive->waiting.begin();
    if (first->first > now) {
      alive->next->set(first->first);
      return;
    }
    const auto on_due = std::move(first->second->on_due_);
    first->second->place_ = alive->waiting.end();
    alive->waiting.erase(first);
    alive.reset();
    on_due();
  }
}

}  // namespace kelvin
