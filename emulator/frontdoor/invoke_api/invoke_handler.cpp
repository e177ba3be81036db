#include "emulator/frontdoor/invoke_api/invoke_handler.hpp"

#include "emulator/frontdoor/invoke_api/operation.hpp"
#include "emulator/frontdoor/invoke_api/to_invocation.hpp"
#include "emulator/frontdoor/invoke_api/to_response.hpp"
#include "runtime-api/base/limits.hpp"

#include <utility>

namespace kelvin {
namespace {

using frontdoor::exception;
using frontdoor::operation_kind;
using frontdoor::service_error;

awaitable<bool> leave_to_others() {
  co_return false;
}

/// Answers an error. What the client still sends is read first, so that it reads the answer instead
/// of meeting a closed connection in the middle of its body.
awaitable<bool> refuse(http::exchange& exchange, service_error error) {
  static_cast<void>(co_await exchange.read_body(limits::event_bytes));
  std::string storage;
  http::response answer = frontdoor::to_error_response(error, request_id::generate(), storage);
  co_await exchange.respond(std::move(answer));
  co_return true;
}

service_error refusal(const frontdoor::operation& asked, const http::request_head& head) {
  if (asked.kind == operation_kind::unsupported) {
    return {exception::not_implemented,
            std::string(asked.name) + " is an operation of AWS Lambda that this version of kelvin does not support."};
  }
  return {exception::unknown_operation, "AWS Lambda has no operation " + head.method_text + " " +
                                            std::string(head.path()) +
                                            ". Check the method and the path of the request."};
}

/// InvokeAsync is Invoke with the type Event and knows none of its other headers.
frontdoor::invoke_fields fields_of(const http::request_head& head, bool is_invoke_async) {
  const frontdoor::invoke_fields given = frontdoor::gather_fields(head.fields);
  if (!is_invoke_async) {
    return given;
  }
  frontdoor::invoke_fields fields;
  fields.invocation_type = "Event";
  fields.trace_id = given.trace_id;
  return fields;
}

}  // namespace

bool invoke_api::owns(const http::request_head& head) noexcept {
  return frontdoor::find_operation(head.method, head.path()).kind != operation_kind::not_ours;
}

awaitable<bool> invoke_api::handle(http::exchange& exchange) {
  const http::request_head& head = exchange.head();
  const frontdoor::operation asked = frontdoor::find_operation(head.method, head.path());
  switch (asked.kind) {
    case operation_kind::not_ours: return leave_to_others();
    case operation_kind::invoke: return invoke(exchange, asked.function_segment, false);
    case operation_kind::invoke_async: return invoke(exchange, asked.function_segment, true);
    case operation_kind::invoke_streaming: return invoke_streaming(exchange, asked.function_segment);
    case operation_kind::unsupported:
    case operation_kind::unknown: return refuse(exchange, refusal(asked, head));
    default: return read(exchange, asked);
  }
}

/// The answer where no invocation has to be waited for: an error, a dry run, a queued event.
std::optional<http::response> invoke_api::answer_at_once(made_invocation& made, bool is_invoke_async,
                                                         std::string& storage) {
  if (const auto* error = std::get_if<service_error>(&made)) {
    return frontdoor::to_error_response(*error, request_id::generate(), storage);
  }
  auto& accepted = std::get<frontdoor::accepted_invocation>(made);
  const request_id id = accepted.request.request_id;
  if (accepted.dry_run) {
    return frontdoor::to_dry_run_response(id);
  }
  if (!accepted.event) {
    return std::nullopt;
  }
  const std::string trace_id = accepted.request.trace_id;
  switch (events_.accept(std::move(accepted.request))) {
    case asynchronous_invoker::verdict::queue_full:
      return frontdoor::to_error_response(frontdoor::queue_full_error(), id, storage);
    case asynchronous_invoker::verdict::stopping:
      return frontdoor::to_error_response({exception::service, "kelvin is stopping"}, id, storage);
    case asynchronous_invoker::verdict::accepted: break;
  }
  return is_invoke_async ? frontdoor::to_invoke_async_response(id, trace_id)
                         : frontdoor::to_event_response(id, trace_id);
}

awaitable<bool> invoke_api::invoke(http::exchange& exchange, std::string_view function_segment, bool is_invoke_async) {
  const frontdoor::invoke_fields fields = fields_of(exchange.head(), is_invoke_async);
  std::string storage;
  auto body = co_await exchange.read_body(limits::event_bytes);
  auto made = frontdoor::to_invocation(functions_, function_segment, exchange.head().query(), fields, std::move(body));
  if (auto answer = answer_at_once(made, is_invoke_async, storage)) {
    co_await exchange.respond(std::move(*answer));
    co_return true;
  }
  auto& accepted = std::get<frontdoor::accepted_invocation>(made);
  const request_id id = accepted.request.request_id;
  const invocation_outcome outcome = co_await invocations_.invoke(std::move(accepted.request));
  http::response answer = frontdoor::to_response(outcome, id, storage);
  co_await exchange.respond(std::move(answer));
  co_return true;
}

}  // namespace kelvin
