#pragma once

#include "emulator/event_source/asynchronous/retry_plan.hpp"
#include "emulator/function/function_registry.hpp"
#include "emulator/invoke/asynchronous_invoker.hpp"
#include "emulator/invoke/invoker.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/lifecycle_sink.hpp"
#include "runtime-api/base/payload.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace kelvin {

/// What the queue works with. All of it outlives the queue.
struct asynchronous_services {
  invoker& invocations;
  kelvin::clock& clock;
  lifecycle_sink& events;
  const function_registry& functions;
  std::function<void(awaitable<void>)> spawn;  ///< starts a task through the loop
};

/// The queue behind asynchronous invocation: invokes each event, retries it under the same request
/// id, and sends records to the destinations (AWS: asynchronous invocation). The decisions are
/// retry_plan()'s; this is their I/O. Bounded in events and bytes; at most as many attempts of one
/// function at a time as it may have execution environments. A record that a destination function is
/// invoked with has no destinations of its own, so that records cannot beget records.
class asynchronous_queue final : public asynchronous_invoker {
 public:
  asynchronous_queue(asynchronous_services services, retry_delays delays);
  ~asynchronous_queue() override;

  /// The event of a function that is registered; its client context and its wish for the log's end
  /// are dropped, as on AWS.
  verdict accept(invocation_request request) override;

  /// Events that have not left the queue.
  std::size_t size() const noexcept { return size_; }
  std::size_t size_bytes() const noexcept { return size_bytes_; }

  /// No attempt begins from now on; those in progress come to their end and may send their records.
  void stop();
  /// Says how many events are left, function by function, and forgets them. To be called when no
  /// attempt can come to its end any more.
  void drop_all();

 private:
  struct queued_event;
  using queued = std::unique_ptr<queued_event>;
  /// The events of one function that are due, oldest first.
  struct due_events {
    std::deque<queued> waiting;
    std::size_t in_progress = 0;
  };

  verdict add(invocation_request request, bool with_destinations);
  void begin_attempts(const std::string& function_name);
  awaitable<void> attempt(queued event);
  void settle(queued event, invocation_outcome outcome);
  void wait_until(steady_time when, queued event);
  void take_due();
  void finish(queued event, final_condition condition);
  void deliver(std::string_view option, const event_destination& to, std::string document);
  void tell(notice_level level, const std::string& text);

  asynchronous_services services_;
  retry_delays delays_;
  std::map<std::string, due_events, std::less<>> due_;
  std::multimap<steady_time, queued> later_;
  std::unique_ptr<alarm> wake_;
  std::size_t size_ = 0;
  std::size_t size_bytes_ = 0;
  bool stopping_ = false;
};

}  // namespace kelvin
