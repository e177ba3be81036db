// A function's answer on its way to the caller while it is being made.

#include "emulator/gateway/gateway_call.hpp"
#include "emulator/gateway/integration.hpp"
#include "emulator/web/stream_prelude.hpp"
#include "runtime-api/base/byte_channel.hpp"
#include "runtime-api/base/limits.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace kelvin {
namespace {

/// Passes on what comes until the end, at the caller's speed. False: the caller is gone.
awaitable<bool> forward(http::exchange& exchange, byte_channel& from) {
  for (;;) {
    const payload piece = co_await from.read();
    if (piece.empty()) {
      co_return true;
    }
    const bool taken = co_await exchange.write(piece.view());
    if (!taken) {
      co_return false;
    }
  }
}

/// A function that did not stream behind a route that does: where no prelude is expected its answer is the
/// body, as it is.
web::web_response unstreamed(const door& behind, invocation_outcome&& outcome, const web::web_request& request,
                             const web::web_context& context, const request_id& invocation) {
  auto* const success = std::get_if<invocation_success>(&outcome.answer);
  if (success == nullptr) {
    return behind.to_response(std::move(outcome), request, context, payload_version::v2, invocation);
  }
  if (behind.expects_prelude(success->content_type)) {
    return behind.refuse(refusal::bad_stream, context, {});
  }
  web::web_response answer = behind.to_stream_head(nullptr, success->content_type, request, context);
  answer.body = std::move(success->response);
  return answer;
}

bool has_failed(const invocation_outcome& outcome) {
  return !std::holds_alternative<invocation_success>(outcome.answer);
}

}  // namespace

/// Reads until the door can begin its answer, and begins it, with the body's first bytes.
awaitable<gateway::beginning> gateway::begin_answer(call& of, byte_channel& from) {
  const door& behind = *of.api.behind;
  web::prelude_reader reader;
  auto progress = web::prelude_reader::progress::need_more;
  const bool announced = behind.expects_prelude(from.content_type());
  while (announced && progress == web::prelude_reader::progress::need_more) {
    const payload piece = co_await from.read();
    if (piece.empty()) {
      break;
    }
    progress = reader.put(piece.view());
  }
  if (announced && progress != web::prelude_reader::progress::complete) {
    co_return beginning::impossible;
  }
  web::stream_prelude prelude;
  if (announced) {
    prelude = reader.prelude();
  }
  web::web_response head =
      behind.to_stream_head(announced ? &prelude : nullptr, from.content_type(), of.request, of.context);
  apply_cors(of, head);
  http::response made = to_http(head);
  const bool taken = co_await of.exchange.begin_stream(std::move(made));
  if (!taken) {
    co_return beginning::caller_gone;
  }
  const payload rest = reader.take_rest();
  const bool written = co_await of.exchange.write(rest.view());
  co_return written ? beginning::begun : beginning::caller_gone;
}

awaitable<void> gateway::stream(call& of, invocation_request request) {
  const auto channel = std::make_shared<byte_channel>(limits::stream_buffer_bytes);
  request.stream = channel;
  const auto running = integration::begin(services_.invocations, services_.tasks, std::move(request));
  const bool streams = co_await channel->wait_begun();
  if (!streams) {
    invocation_outcome outcome = co_await running->wait();
    web::web_response made = unstreamed(*of.api.behind, std::move(outcome), of.request, of.context, of.invocation);
    co_await respond(of, std::move(made));
    co_return;
  }
  const beginning begun = co_await begin_answer(of, *channel);
  bool whole = begun == beginning::begun;
  if (whole) {
    whole = co_await forward(of.exchange, *channel);
  }
  if (!whole) {
    // The function's next write fails, as it does on AWS when the caller has gone.
    channel->abandon();
  }
  const invocation_outcome outcome = co_await running->wait();
  if (begun == beginning::impossible) {
    co_await refuse(of, refusal::bad_stream);
  } else if (whole && !has_failed(outcome)) {
    co_await of.exchange.finish_stream();
  }
  // Else the connection is closed before the end of the body, so that nobody takes a part for the whole.
}

}  // namespace kelvin
