// InvokeWithResponseStream: the function's answer on its way to the caller while it is being made.

#include "emulator/frontdoor/invoke_api/event_stream.hpp"
#include "emulator/frontdoor/invoke_api/invoke_handler.hpp"
#include "emulator/frontdoor/invoke_api/to_response.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/one_shot.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace kelvin {
namespace {

using frontdoor::exception;
using frontdoor::service_error;

/// SDKs refuse messages over 24 MiB.
constexpr std::size_t chunk_bytes = 1024 * 1024;

/// An invocation that runs beside the answer it feeds.
struct running_invocation {
  std::shared_ptr<byte_channel> stream = std::make_shared<byte_channel>(limits::stream_buffer_bytes);
  one_shot<invocation_outcome> outcome;
};

awaitable<void> run(invoker& on, invocation_request request, std::shared_ptr<running_invocation> into) {
  invocation_outcome outcome = co_await on.invoke(std::move(request));
  // A refused invocation never had a stream's end.
  into->stream->end();
  into->outcome.set(std::move(outcome));
}

bool was_refused(const invocation_outcome& outcome) {
  return std::holds_alternative<throttled>(outcome.answer) || std::holds_alternative<service_failure>(outcome.answer);
}

frontdoor::stream_ending ending_of(const invocation_outcome& outcome) {
  frontdoor::stream_ending ending;
  ending.log_tail = outcome.log_tail;
  if (const auto* failed = std::get_if<function_error>(&outcome.answer)) {
    ending.error_code = "Unhandled";
    ending.error_details = failed->error.view();
  }
  return ending;
}

/// False: the caller is gone.
awaitable<bool> send_chunks(http::exchange& exchange, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), chunk_bytes);
    const std::string message = frontdoor::payload_chunk(bytes.substr(0, count));
    const bool taken = co_await exchange.write(message);
    if (!taken) {
      co_return false;
    }
    bytes.remove_prefix(count);
  }
  co_return true;
}

/// Passes on what comes until the end, at the caller's speed. False: the caller is gone.
awaitable<bool> forward(http::exchange& exchange, byte_channel& stream) {
  for (;;) {
    const payload piece = co_await stream.read();
    if (piece.empty()) {
      co_return true;
    }
    const bool taken = co_await send_chunks(exchange, piece.view());
    if (!taken) {
      stream.abandon();
      co_return false;
    }
  }
}

}  // namespace

awaitable<bool> invoke_api::invoke_streaming(http::exchange& exchange, std::string_view function_segment) {
  const frontdoor::invoke_fields fields = frontdoor::gather_fields(exchange.head().fields);
  std::string storage;
  auto body = co_await exchange.read_body(limits::event_bytes);
  auto made = frontdoor::to_invocation(functions_, function_segment, exchange.head().query(), fields, std::move(body));
  if (const auto* accepted = std::get_if<frontdoor::accepted_invocation>(&made);
      accepted != nullptr && accepted->event) {
    made = service_error{exception::invalid_parameter_value,
                         "InvokeWithResponseStream takes the invocation types RequestResponse and DryRun."};
  }
  if (auto answer = answer_at_once(made, false, storage)) {
    co_await exchange.respond(std::move(*answer));
    co_return true;
  }
  invocation_request request = std::move(std::get<frontdoor::accepted_invocation>(made).request);
  const request_id id = request.request_id;
  const auto running = std::make_shared<running_invocation>();
  request.stream = running->stream;
  tasks_.spawn(run(invocations_, std::move(request), running));

  const bool streams = co_await running->stream->wait_begun();
  if (streams) {
    http::response head = frontdoor::to_stream_response(id);
    bool taken = co_await exchange.begin_stream(std::move(head));
    if (taken) {
      taken = co_await forward(exchange, *running->stream);
    } else {
      running->stream->abandon();
    }
  }
  const invocation_outcome outcome = co_await running->outcome.wait();
  co_await finish_stream(exchange, outcome, id, streams);
  co_return true;
}

/// What follows once the outcome is known: for a function that did not stream, everything.
awaitable<void> invoke_api::finish_stream(http::exchange& exchange, const invocation_outcome& outcome, request_id id,
                                          bool streams) {
  std::string storage;
  if (!streams && was_refused(outcome)) {
    http::response answer = frontdoor::to_response(outcome, id, storage);
    co_await exchange.respond(std::move(answer));
    co_return;
  }
  if (!streams) {
    http::response head = frontdoor::to_stream_response(id);
    co_await exchange.begin_stream(std::move(head));
    if (const auto* success = std::get_if<invocation_success>(&outcome.answer)) {
      co_await send_chunks(exchange, success->response.view());
    }
  }
  const std::string last = frontdoor::invoke_complete(ending_of(outcome));
  co_await exchange.write(last);
  co_await exchange.finish_stream();
}

}  // namespace kelvin
