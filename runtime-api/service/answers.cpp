#include "runtime-api/service/answers.hpp"

#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/json_text.hpp"

#include <utility>

namespace kelvin::service {
namespace {

/// `body` must last until the answer is sent.
awaitable<bool> answer_json(http::exchange& call, unsigned status, std::string_view body) {
  http::response answer;
  answer.status = status;
  answer.fields = "Content-Type: application/json\r\n";
  answer.body = body;
  return call.respond(std::move(answer));
}

awaitable<bool> answer_owned_json(http::exchange& call, unsigned status, std::string body) {
  co_return co_await answer_json(call, status, body);
}

}  // namespace

awaitable<bool> accept(http::exchange& call) {
  return answer_json(call, 202, "{\"status\":\"OK\"}\n");
}

awaitable<bool> refuse(http::exchange& call, unsigned status, std::string_view error_type, std::string_view message) {
  return answer_owned_json(call, status, protocol::error_answer(error_type, message));
}

awaitable<void> refuse_request_id(http::exchange& call) {
  co_await drain(call);
  co_await refuse(call, 400, protocol::error_types::invalid_request_id, "Invalid request ID");
}

awaitable<void> refuse_state(http::exchange& call, std::string text) {
  co_await drain(call);
  co_await refuse(call, 403, protocol::error_types::invalid_state_transition, text);
}

awaitable<bool> answer_text(http::exchange& call, unsigned status, std::string_view body) {
  http::response answer;
  answer.status = status;
  answer.fields = "Content-Type: text/plain; charset=utf-8\r\n";
  answer.body = body;
  return call.respond(std::move(answer));
}

awaitable<void> drain(http::exchange& call) {
  // Whether it was whole does not matter: nobody looks at it.
  co_await call.read_body(0);
}

}  // namespace kelvin::service
