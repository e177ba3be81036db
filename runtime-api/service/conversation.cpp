#include "runtime-api/service/conversation.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace kelvin::service {

using protocol::runtime_call;
using protocol::runtime_state;

void conversation::dispatch(const runtime_event& event) {
  assert(!current_ && "an invocation is in progress");
  current_ = event;
  handed_out_ = false;
  taken_ = false;
  ++turn_;
  if (state_ == runtime_state::ready) {
    offer_to_parked();
  }
}

void conversation::invocation_over() {
  if (!current_) {
    return;
  }
  clear_current();
  // In Started and Ready nothing was handed out, so there is nothing to leave.
  if (const auto moved = protocol::transition(state_, runtime_call::invocation_over)) {
    state_ = moved.value();
  }
}

void conversation::reset() {
  ++generation_;
  if (current_) {
    clear_current();
  }
  state_ = runtime_state::started;
  connected_ = false;
  release_all_parked();
  if (sessions_ != nullptr) {
    sessions_->close_sessions();
  }
}

void conversation::close() {
  ++generation_;
  observer_ = nullptr;
  on_notice_ = nullptr;
  sessions_ = nullptr;
  current_.reset();
  release_all_parked();
}

void conversation::connected(steady_time when) {
  if (connected_ || is_closed()) {
    return;
  }
  connected_ = true;
  observer_->on_connect(when);
}

bool conversation::is_read_out() const noexcept {
  return is_closed() || (readers_ == 0 && sessions_->reading_session_count() == 0);
}

std::optional<std::string> conversation::advance(runtime_call call) {
  auto moved = protocol::transition(state_, call);
  if (moved.has_error()) {
    return std::move(moved).error().detail;
  }
  state_ = moved.value();
  return std::nullopt;
}

std::optional<std::string> conversation::arrive_at_next(steady_time when) {
  const runtime_state before = state_;
  if (auto refusal = advance(runtime_call::next)) {
    return refusal;
  }
  if (before == runtime_state::ready || before == runtime_state::running) {
    return std::nullopt;
  }
  if (current_ && handed_out_) {
    clear_current();
  }
  observer_->on_next(when);
  return std::nullopt;
}

void conversation::return_to_parked_next(steady_time when) {
  if (state_ != runtime_state::response_sent) {
    return;
  }
  const bool waits =
      std::any_of(parked_.begin(), parked_.end(), [](parked_next* each) { return !each->peer_closed(); });
  if (waits) {
    arrive_at_next(when);
  }
}

bool conversation::take_event() {
  if (!current_) {
    return false;
  }
  if (state_ == runtime_state::running) {
    return true;
  }
  // Those who parked before come first.
  offer_to_parked();
  if (state_ == runtime_state::ready) {
    hand_out();
    return true;
  }
  return false;
}

void conversation::hand_over_ends(std::uint64_t turn, bool taken) {
  if (turn != turn_ || !current_) {
    return;
  }
  --hand_overs_;
  taken_ = taken_ || taken;
  if (taken_ || hand_overs_ != 0 || state_ != runtime_state::running) {
    return;
  }
  advance(runtime_call::event_not_taken);
  handed_out_ = false;
  offer_to_parked();
}

void conversation::park(parked_next& place) {
  // A client that gives up and calls again leaves dead calls behind; they hold connections.
  std::deque<parked_next*> dead;
  std::copy_if(parked_.begin(), parked_.end(), std::back_inserter(dead),
               [](parked_next* each) { return each->peer_closed(); });
  for (parked_next* each : dead) {
    leave(*each);
    each->release(false, turn_);
  }
  parked_.push_back(&place);
}

void conversation::leave(parked_next& place) noexcept {
  std::erase(parked_, &place);
}

void conversation::tell(std::string_view text) {
  if (on_notice_) {
    on_notice_(text);
  }
}

void conversation::tell_unsupported(unsigned api, std::string_view text) {
  const unsigned bit = 1u << api;
  if ((told_unsupported_ & bit) == 0) {
    told_unsupported_ |= bit;
    tell(text);
  }
}

void conversation::clear_current() {
  current_.reset();
  ++turn_;
  // The event's bytes end with the invocation: nobody may still be sending them.
  if (std::exchange(hand_overs_, 0) != 0 && sessions_ != nullptr) {
    sessions_->close_sessions();
  }
}

void conversation::hand_out() {
  advance(runtime_call::event_handed_out);
  handed_out_ = true;
}

void conversation::offer_to_parked() {
  while (!parked_.empty()) {
    parked_next* const first = parked_.front();
    parked_.pop_front();
    // A single dead one needs no look: a runtime that comes back is given the same event again.
    if (!parked_.empty() && first->peer_closed()) {
      first->release(false, turn_);
      continue;
    }
    hand_out();
    first->release(true, turn_);
    return;
  }
}

void conversation::release_all_parked() {
  for (parked_next* each : std::exchange(parked_, {})) {
    each->release(false, turn_);
  }
}

}  // namespace kelvin::service
