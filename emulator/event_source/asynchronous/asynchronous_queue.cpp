#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"

#include "emulator/event_source/asynchronous/check_destinations.hpp"
#include "emulator/event_source/asynchronous/destination_record.hpp"
#include "emulator/event_source/asynchronous/record_file.hpp"

#include <array>
#include <cassert>
#include <cstdio>
#include <utility>
#include <variant>

namespace kelvin {
namespace {

std::string in_seconds(duration value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g s", std::chrono::duration<double>(value).count());
  return text.data();
}

attempt_result result_of(const invocation_outcome& outcome) {
  if (std::holds_alternative<invocation_success>(outcome.answer)) {
    return attempt_result::success;
  }
  if (std::holds_alternative<function_error>(outcome.answer)) {
    return attempt_result::function_error;
  }
  return std::holds_alternative<throttled>(outcome.answer) ? attempt_result::throttled : attempt_result::service_fault;
}

/// How old an event may become before it is given up: as old as it likes while its function is debugged.
duration age_max(const function_configuration& function) {
  return function.debugged ? duration::max() : function.event_invoke.age_max();
}

}  // namespace

struct asynchronous_queue::queued_event {
  invocation_request request;
  event_history history;
  bool with_destinations = true;
  bool answered = false;   ///< an attempt reached the function
  bool has_error = false;  ///< and the last one failed
  payload response;        ///< what it answered

  std::size_t bytes() const noexcept { return request.event.size() + response.size(); }
};

asynchronous_queue::asynchronous_queue(asynchronous_services services, retry_delays delays)
    : services_(std::move(services)), delays_(delays), wake_(services_.clock.make_alarm([this] { take_due(); })) {}

asynchronous_queue::~asynchronous_queue() = default;

asynchronous_invoker::verdict asynchronous_queue::accept(invocation_request request) {
  return add(std::move(request), true);
}

asynchronous_invoker::verdict asynchronous_queue::add(invocation_request request, bool with_destinations) {
  assert(request.event.size() <= limits::asynchronous_event_bytes);
  if (stopping_) {
    return verdict::stopping;
  }
  if (size_ >= limits::asynchronous_events || size_bytes_ + request.event.size() > limits::asynchronous_queue_bytes) {
    return verdict::queue_full;
  }
  auto added = std::make_unique<queued_event>();
  added->request = std::move(request);
  added->request.client_context.reset();
  added->request.log_tail = false;
  added->history.accepted = services_.clock.now();
  added->with_destinations = with_destinations;
  ++size_;
  size_bytes_ += added->bytes();
  const std::string function_name = added->request.function_name;
  due_[function_name].waiting.push_back(std::move(added));
  begin_attempts(function_name);
  return verdict::accepted;
}

/// More attempts at once than environments could only wait in the scheduler, where callers wait who
/// want an answer.
void asynchronous_queue::begin_attempts(const std::string& function_name) {
  due_events& of = due_[function_name];
  const function_configuration* function = services_.functions.find(function_name);
  const std::size_t at_once = function == nullptr ? 1 : function->environments;
  while (!stopping_ && !of.waiting.empty() && of.in_progress < at_once) {
    queued next = std::move(of.waiting.front());
    of.waiting.pop_front();
    ++of.in_progress;
    services_.spawn(attempt(std::move(next)));
  }
}

awaitable<void> asynchronous_queue::attempt(queued event) {
  const std::string function_name = event->request.function_name;
  if (stopping_) {
    --due_[function_name].in_progress;
    due_[function_name].waiting.push_front(std::move(event));
    co_return;
  }
  const function_configuration* function = services_.functions.find(function_name);
  const duration age = services_.clock.now() - event->history.accepted;
  if (function != nullptr && function->reserved_concurrency == 0u) {
    finish(std::move(event), final_condition::zero_reserved_concurrency);
  } else if (function != nullptr && age > age_max(*function)) {
    finish(std::move(event), final_condition::event_age_exceeded);
  } else {
    const invocation_request& given = event->request;
    invocation_request request;
    request.request_id = given.request_id;  // AWS: a retry has the id of the first attempt
    request.function_name = given.function_name;
    request.invoked_function_arn = given.invoked_function_arn;
    request.event = given.event.clone();
    request.content_type = given.content_type;
    request.trace_id = given.trace_id;
    invocation_outcome outcome = co_await services_.invocations.invoke(std::move(request));
    settle(std::move(event), std::move(outcome));
  }
  --due_[function_name].in_progress;
  begin_attempts(function_name);
}

void asynchronous_queue::settle(queued event, invocation_outcome outcome) {
  const attempt_result result = result_of(outcome);
  size_bytes_ -= event->bytes();
  if (auto* success = std::get_if<invocation_success>(&outcome.answer)) {
    event->response = std::move(success->response);
  } else if (auto* error = std::get_if<function_error>(&outcome.answer)) {
    event->response = std::move(error->error);
  }
  size_bytes_ += event->bytes();
  if (result == attempt_result::success || result == attempt_result::function_error) {
    event->answered = true;
    event->has_error = result == attempt_result::function_error;
    ++event->history.invocations;
    event->history.throttles_in_a_row = 0;
  } else {
    ++event->history.throttles_in_a_row;
  }
  const function_configuration* function = services_.functions.find(event->request.function_name);
  retry_policy policy;
  policy.delays = delays_;
  if (function != nullptr) {
    policy.retries = function->event_invoke.retries();
    policy.age_max = age_max(*function);
  }
  const steady_time now = services_.clock.now();
  const retry_decision decided = retry_plan(policy, event->history, result, now);
  if (!decided.retry) {
    finish(std::move(event), decided.condition);
    return;
  }
  const bool failed = result == attempt_result::function_error;
  tell(failed ? notice_level::info : notice_level::debug,
       "asynchronous invocation " + std::string(event->request.request_id.text()) + " of " +
           event->request.function_name + (failed ? " failed" : " was throttled") + "; the next attempt is in " +
           in_seconds(decided.when - now) + " (--async-retry-delays)");
  wait_until(decided.when, std::move(event));
}

void asynchronous_queue::wait_until(steady_time when, queued event) {
  later_.emplace(when, std::move(event));
  if (!stopping_) {
    wake_->set(later_.begin()->first);
  }
}

void asynchronous_queue::take_due() {
  const steady_time now = services_.clock.now();
  while (!later_.empty() && later_.begin()->first <= now) {
    queued event = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    const std::string function_name = event->request.function_name;
    due_[function_name].waiting.push_back(std::move(event));
    begin_attempts(function_name);
  }
  if (!later_.empty()) {
    wake_->set(later_.begin()->first);
  }
}

void asynchronous_queue::finish(queued event, final_condition condition) {
  const invocation_request& request = event->request;
  const function_configuration* function = services_.functions.find(request.function_name);
  --size_;
  size_bytes_ -= event->bytes();
  static const event_invoke_configuration nothing;
  const bool has_destinations = event->with_destinations && function != nullptr;
  const event_invoke_configuration& of = has_destinations ? function->event_invoke : nothing;
  const bool success = condition == final_condition::success;
  if (!success && !of.on_failure && !of.dead_letter) {
    tell(notice_level::warning, "asynchronous invocation " + std::string(request.request_id.text()) + " of " +
                                    request.function_name + " is given up (" + std::string(name_of(condition)) +
                                    ", invoked " + std::to_string(event->history.invocations) +
                                    " times) and its event dropped" +
                                    (has_destinations ? "; --on-failure or --dead-letter would keep it" : ""));
    return;
  }
  const std::string arn = function_arn(services_.functions.account(), request.function_name) + ":$LATEST";
  event_ending ending;
  ending.request_id = request.request_id;
  ending.function_arn = arn;
  ending.condition = condition;
  ending.invocations = event->history.invocations;
  ending.event = request.event.view();
  if (event->answered) {
    ending.response = last_response{event->has_error, event->response.view()};
  }
  if (const auto& to = success ? of.on_success : of.on_failure) {
    deliver(success ? destination_option::on_success : destination_option::on_failure, *to,
            destination_record(ending, services_.clock.wall_now()));
  }
  if (!success && of.dead_letter) {
    deliver(destination_option::dead_letter, *of.dead_letter, dead_letter_message(ending));
  }
}

void asynchronous_queue::deliver(std::string_view option, const event_destination& to, std::string document) {
  if (to.kind == event_destination::kind_type::file) {
    if (const auto written = append_record(to.name, std::move(document)); !written) {
      tell(notice_level::error, std::string(option) + ": a record is lost: " + written.error().detail);
    }
    return;
  }
  const std::string place = std::string(option) + " function:" + to.name;
  if (document.size() > limits::asynchronous_event_bytes) {
    tell(notice_level::error, place + ": a record is lost: it has " + std::to_string(document.size()) +
                                  " bytes, and an asynchronous invocation takes " +
                                  std::to_string(limits::asynchronous_event_bytes));
    return;
  }
  invocation_request request;
  request.function_name = to.name;
  request.invoked_function_arn = function_arn(services_.functions.account(), to.name);
  request.event = payload(document);
  switch (add(std::move(request), false)) {
    case verdict::accepted: return;
    case verdict::queue_full:
      tell(notice_level::error, place + ": a record is lost: the queue of asynchronous events is full");
      return;
    case verdict::stopping: tell(notice_level::warning, place + ": a record is lost: kelvin is stopping"); return;
  }
}

void asynchronous_queue::stop() {
  stopping_ = true;
  wake_->clear();
}

void asynchronous_queue::drop_all() {
  std::map<std::string, std::size_t> dropped;
  for (auto& [name, of] : due_) {
    for (const queued& each : std::exchange(of.waiting, {})) {
      ++dropped[name];
      --size_;
      size_bytes_ -= each->bytes();
    }
    if (of.in_progress > 0) {
      dropped[name] += of.in_progress;  // nobody is left who could bring them to their end
    }
  }
  for (const auto& [when, each] : std::exchange(later_, {})) {
    ++dropped[each->request.function_name];
    --size_;
    size_bytes_ -= each->bytes();
  }
  for (const auto& [name, count] : dropped) {
    tell(notice_level::warning, std::to_string(count) + " asynchronous event" + (count == 1 ? "" : "s") + " of " +
                                    name + " still waited for an attempt and " + (count == 1 ? "is" : "are") +
                                    " dropped: kelvin keeps its queue in memory only");
  }
}

void asynchronous_queue::tell(notice_level level, const std::string& text) {
  services_.events.report(notice{level, text});
}

}  // namespace kelvin
