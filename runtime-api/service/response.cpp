#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/protocol/error_body.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/endpoints.hpp"
#include "runtime-api/service/take_answer.hpp"

#include <string>
#include <utility>

namespace kelvin::service {
namespace {

using verdict = runtime_response::verdict;
namespace error_types = protocol::error_types;

enum class response_mode { buffered, streaming, unknown };

response_mode mode_of(const http::request_head& head) {
  const auto mode = head.fields.find("Lambda-Runtime-Function-Response-Mode");
  if (!mode || mode->empty()) {
    return response_mode::buffered;
  }
  // Only this value exists; `buffered` itself is refused (Runtime Interface Emulator source).
  return *mode == "streaming" ? response_mode::streaming : response_mode::unknown;
}

/// A handler that fails behind the first byte says so in trailers, whatever the mode header: Go sends
/// streams without one.
void read_error_trailers(const http::field_list& trailers, runtime_response& answer) {
  const auto type = trailers.find("Lambda-Runtime-Function-Error-Type").value_or("");
  const auto body = trailers.find("Lambda-Runtime-Function-Error-Body").value_or("");
  if (type.empty() && body.empty()) {
    return;
  }
  answer.what = verdict::failed_midway;
  answer.error_type = type.empty() ? error_types::runtime_unknown : type;
  if (const auto decoded = base64_decode(body, base64_padding::required)) {
    answer.error_body = payload(*decoded);
  }
}

awaitable<runtime_response> read_response(http::exchange& call) {
  const response_mode mode = mode_of(call.head());
  runtime_response answer;
  answer.streaming = mode == response_mode::streaming;
  answer.content_type = call.head().fields.find("Content-Type").value_or("");
  if (mode == response_mode::unknown) {
    answer.what = verdict::invalid_mode;
    co_await drain(call);
    co_return answer;
  }
  auto body = co_await call.read_body(limits::response_bytes);
  if (body.has_error()) {
    answer.what = body.error().code == errc::body_too_large ? verdict::too_large : verdict::truncated;
    co_return answer;
  }
  answer.body = std::move(body).value();
  read_error_trailers(call.trailers(), answer);
  co_return answer;
}

/// Whether the answer is made for being passed on as it comes: Go streams without a mode header, but
/// then its body is chunked.
bool may_forward(const http::request_head& head) {
  return head.chunked || mode_of(head) == response_mode::streaming;
}

/// Passes the body on piece by piece, as fast as its reader takes it.
awaitable<runtime_response> forward_response(http::exchange& call, std::shared_ptr<byte_channel> stream) {
  runtime_response answer;
  answer.streaming = true;
  answer.forwarded = true;
  answer.content_type = call.head().fields.find("Content-Type").value_or("");
  if (mode_of(call.head()) == response_mode::unknown) {
    answer.what = verdict::invalid_mode;
    co_await drain(call);
    co_return answer;
  }
  stream->begin(answer.content_type);
  for (;;) {
    const auto piece = co_await call.read_some();
    if (piece.has_error()) {
      answer.what = verdict::truncated;
      co_return answer;
    }
    if (piece->empty()) {
      break;
    }
    if (stream->written_bytes() + piece->size() > limits::streamed_response_bytes) {
      answer.what = verdict::too_large;
      co_return answer;
    }
    const bool wanted = co_await stream->write(*piece);
    if (!wanted) {
      // Nobody reads any more: the rest stays unread, so that the function's own writes fail.
      co_return answer;
    }
  }
  read_error_trailers(call.trailers(), answer);
  co_return answer;
}

/// The runtime's own answer, once the invoker's is on its way.
awaitable<bool> answer_runtime(http::exchange& call, verdict what) {
  switch (what) {
    case verdict::too_large: {
      const std::string text =
          "Exceeded maximum allowed payload size (" + std::to_string(limits::response_bytes) + " bytes).";
      return refuse(call, 413, error_types::request_entity_too_large, text);
    }
    case verdict::truncated:
      return refuse(call, 400, error_types::truncated_http_request, "HTTP request detected as truncated");
    case verdict::invalid_mode:
      return refuse(call, 400, error_types::invalid_function_response_mode, "Invalid function response mode");
    case verdict::complete: break;
    case verdict::failed_midway: break;
  }
  return accept(call);
}

awaitable<runtime_response> read_or_forward(conversation& api, http::exchange& call) {
  if (may_forward(call.head())) {
    if (const std::shared_ptr<byte_channel> stream = api.current()->stream) {
      return forward_response(call, stream);
    }
  }
  return read_response(call);
}

void hand_on(runtime_observer& observer, runtime_response&& answer) {
  observer.on_response(std::move(answer));
}

}  // namespace

awaitable<void> response(shared_conversation api, http::exchange& call, std::string_view id) {
  constexpr answer_call<runtime_response> kind{protocol::runtime_call::response, read_or_forward, hand_on,
                                               answer_runtime};
  return take_answer(std::move(api), call, id, kind);
}

}  // namespace kelvin::service
