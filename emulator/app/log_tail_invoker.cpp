#include "emulator/app/log_tail_invoker.hpp"

#include "emulator/observability/json_lines.hpp"
#include "emulator/observability/log_lines.hpp"

#include <algorithm>

namespace kelvin {
namespace {

/// The environment an event belongs to; empty where there is none.
std::string_view stream_of(const lifecycle_event& event) {
  return std::visit(
      [](const auto& each) -> std::string_view {
        if constexpr (requires { each.environment; }) {
          return each.environment.log_stream_name;
        } else {
          return {};
        }
      },
      event);
}

}  // namespace

log_tail_collector::collection::collection(log_tail_collector& owner, request_id id) : owner_(owner), id_(id) {
  owner_.collecting_.push_back(this);
}

log_tail_collector::collection::~collection() {
  std::erase(owner_.collecting_, this);
}

void log_tail_collector::report(const lifecycle_event& event) {
  if (collecting_.empty()) {
    return;
  }
  if (const auto* started = std::get_if<platform_start>(&event)) {
    for (collection* each : collecting_) {
      if (each->id_ == started->request_id) {
        each->log_stream_name_ = started->environment.log_stream_name;
      }
    }
  }
  const std::string_view stream = stream_of(event);
  if (stream.empty()) {
    return;
  }
  for (collection* each : collecting_) {
    if (each->log_stream_name_ != stream) {
      continue;
    }
    lines_.clear();
    if (logging_.format == log_format::json) {
      append_json_lines(lines_, event, std::chrono::system_clock::now(),
                        {logging_.application_level, logging_.system_level});
    } else {
      append_log_lines(lines_, event);
    }
    each->tail_.append(lines_);
    if (const auto* reported = std::get_if<platform_report>(&event); reported && each->id_ == reported->request_id) {
      each->log_stream_name_.clear();
    }
  }
}

awaitable<invocation_outcome> log_tail_invoker::invoke(invocation_request request) {
  // Not a coroutine itself: the usual invocation costs no frame here.
  return request.log_tail ? invoke_with_tail(std::move(request)) : next_.invoke(std::move(request));
}

awaitable<invocation_outcome> log_tail_invoker::invoke_with_tail(invocation_request request) {
  const log_tail_collector::collection mine(collector_, request.request_id);
  invocation_outcome outcome = co_await next_.invoke(std::move(request));
  outcome.log_tail = mine.text();
  co_return outcome;
}

}  // namespace kelvin
