#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/endpoints.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace kelvin::service {
namespace {

std::string_view milliseconds(wall_time when, std::array<char, 24>& storage) {
  const auto count = std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count();
  const auto written = std::to_chars(storage.data(), storage.data() + storage.size(), count);
  return {storage.data(), static_cast<std::size_t>(written.ptr - storage.data())};
}

/// AWS documentation, Runtime API, next invocation. Optional fields are left out when empty: some
/// clients parse them as JSON whenever they are there.
std::string event_fields(const runtime_event& event) {
  std::string fields;
  fields.reserve(512);
  const std::string_view type = event.content_type.empty() ? "application/json" : event.content_type;
  http::append_field(fields, "Content-Type", type);
  http::append_field(fields, "Lambda-Runtime-Aws-Request-Id", event.request_id.text());
  std::array<char, 24> deadline;
  http::append_field(fields, "Lambda-Runtime-Deadline-Ms", milliseconds(event.deadline, deadline));
  http::append_field(fields, "Lambda-Runtime-Invoked-Function-Arn", event.invoked_function_arn);
  if (!event.trace_id.empty()) {
    http::append_field(fields, "Lambda-Runtime-Trace-Id", event.trace_id);
  }
  if (event.client_context && !event.client_context->empty()) {
    http::append_field(fields, "Lambda-Runtime-Client-Context", *event.client_context);
  }
  if (event.cognito_identity && !event.cognito_identity->empty()) {
    http::append_field(fields, "Lambda-Runtime-Cognito-Identity", *event.cognito_identity);
  }
  return fields;
}

awaitable<bool> send_event(http::exchange& call, const runtime_event& event) {
  http::response answer;
  answer.fields = event_fields(event);
  answer.body = event.event;
  return call.respond(std::move(answer));
}

}  // namespace

awaitable<void> next(shared_conversation api, http::exchange& call, std::string_view) {
  const std::uint64_t generation = api->generation();
  for (;;) {
    if (auto refusal = api->arrive_at_next(call.received())) {
      co_await refuse_state(call, std::move(*refusal));
      co_return;
    }
    if (api->generation() != generation) {
      co_return;
    }
    if (api->current() && call.peer_closed()) {
      co_return;
    }
    if (api->take_event()) {
      break;
    }
    parked_next place(*api, call);
    const bool has_event = co_await place.wait();
    if (!has_event || api->generation() != generation) {
      co_return;
    }
    if (api->turn() == place.turn()) {
      break;
    }
    // The event was withdrawn between its hand-out and now: wait for another.
  }
  const std::uint64_t turn = api->turn();
  api->hand_over_begins();
  const bool taken = co_await send_event(call, *api->current());
  api->hand_over_ends(turn, taken);
}

}  // namespace kelvin::service
