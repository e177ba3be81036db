#pragma once

#include "runtime-api/base/one_shot.hpp"
#include "runtime-api/http/exchange.hpp"
#include "runtime-api/http/listener.hpp"
#include "runtime-api/protocol/runtime_state.hpp"
#include "runtime-api/service/runtime_api.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin::service {

class parked_next;

/// What the endpoints of one Runtime API share: the runtime's state, the invocation in progress and
/// the `next` calls that wait. Held by every handler, so that it outlives the runtime_api while they
/// end. Nothing in it hangs on a connection: a client may use a new one for each call.
class conversation {
 public:
  conversation(runtime_observer& observer, notice_callback on_notice)
      : observer_(&observer), on_notice_(std::move(on_notice)) {}

  /// Sessions live in the listener; it is told to close them. Until detached by close().
  void attach(http::listener& sessions) noexcept { sessions_ = &sessions; }

  // The runtime_api's side.
  void dispatch(const runtime_event& event);
  void invocation_over();
  void reset();
  /// No call to the observer or the listener follows.
  void close();
  void connected(steady_time when);
  /// Whether everything that was sent so far is read and handled.
  bool is_read_out() const noexcept;
  bool is_closed() const noexcept { return observer_ == nullptr; }

  // The endpoints' side. A handler that waited must compare generation() with what it was before:
  // another one means that its runtime is gone and nothing may be touched or told.
  std::uint64_t generation() const noexcept { return generation_; }
  /// Changes whenever an invocation begins or ends.
  std::uint64_t turn() const noexcept { return turn_; }
  bool is_current(std::string_view id) const noexcept { return current_ && current_->request_id == id; }
  const std::optional<runtime_event>& current() const noexcept { return current_; }
  runtime_observer& observer() noexcept { return *observer_; }

  /// Makes the transition; AWS's text if it is refused.
  std::optional<std::string> advance(protocol::runtime_call call);
  /// `next` was called. Tells the observer where that means that the runtime waits for an event; AWS's
  /// text if it is refused.
  std::optional<std::string> arrive_at_next(steady_time when);
  /// The runtime has been told that its answer was taken. If another `next` is parked already, it is
  /// back there without a further call.
  void return_to_parked_next(steady_time when);
  /// Whether the caller of `next` is to be given current() at once.
  bool take_event();
  void hand_over_begins() noexcept { ++hand_overs_; }
  /// `turn`: of the event that was handed over. An event that nobody took goes to the next parked.
  void hand_over_ends(std::uint64_t turn, bool taken);

  void park(parked_next& place);
  void leave(parked_next& place) noexcept;

  /// Tells kelvin's user.
  void tell(std::string_view text);
  /// Tells kelvin's user, once per `api`, that a runtime or extension asked for what is not served.
  void tell_unsupported(unsigned api, std::string_view text);

  /// Counts a handler that reads a body, for is_read_out().
  class reading {
   public:
    explicit reading(conversation& of) noexcept : of_(of) { ++of_.readers_; }
    ~reading() { --of_.readers_; }
    reading(const reading&) = delete;
    reading& operator=(const reading&) = delete;

   private:
    conversation& of_;
  };

 private:
  void clear_current();
  void hand_out();
  void offer_to_parked();
  void release_all_parked();

  runtime_observer* observer_;
  notice_callback on_notice_;
  http::listener* sessions_ = nullptr;
  protocol::runtime_state state_ = protocol::runtime_state::started;
  std::uint64_t generation_ = 0;
  std::uint64_t turn_ = 0;
  std::optional<runtime_event> current_;
  bool handed_out_ = false;
  bool taken_ = false;
  std::size_t hand_overs_ = 0;  ///< answers to `next` with current() that are being written
  std::size_t readers_ = 0;
  std::deque<parked_next*> parked_;
  bool connected_ = false;
  unsigned told_unsupported_ = 0;
};

/// A `next` that waits for an event, from its construction to its destruction.
class parked_next {
 public:
  parked_next(conversation& waits_in, http::exchange& call) : waits_in_(waits_in), call_(call) {
    waits_in_.park(*this);
  }
  ~parked_next() { waits_in_.leave(*this); }
  parked_next(const parked_next&) = delete;
  parked_next& operator=(const parked_next&) = delete;

  /// True: the event of turn() is this call's. False: end without an answer.
  awaitable<bool> wait() { return released_.wait(); }
  std::uint64_t turn() const noexcept { return turn_; }

  // For the conversation.
  bool peer_closed() noexcept { return call_.peer_closed(); }
  void release(bool with_event, std::uint64_t turn) {
    turn_ = turn;
    released_.set(with_event);
  }

 private:
  conversation& waits_in_;
  http::exchange& call_;
  one_shot<bool> released_;
  std::uint64_t turn_ = 0;
};

}  // namespace kelvin::service
