#pragma once

#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/conversation.hpp"
#include "runtime-api/service/endpoints.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace kelvin::service {

/// How one of the two calls that answer an invocation reads the answer, hands it on and is answered itself.
template <class Answer>
struct answer_call {
  protocol::runtime_call what;
  awaitable<Answer> (*read)(conversation&, http::exchange&);
  void (*hand_on)(runtime_observer&, Answer&&);
  awaitable<bool> (*reply)(http::exchange&, typename Answer::verdict);
};

/// What /response and /error have in common: only the invocation in progress may be answered, once, and an
/// answer whose invocation or process ended while it was read concerns nobody any more.
template <class Answer>
awaitable<void> take_answer(shared_conversation api, http::exchange& call, std::string_view id,
                            answer_call<Answer> kind) {
  const conversation::reading counted(*api);
  if (!api->is_current(id)) {
    co_await refuse_request_id(call);
    co_return;
  }
  if (auto refusal = api->advance(kind.what)) {
    co_await refuse_state(call, std::move(*refusal));
    co_return;
  }
  const std::uint64_t generation = api->generation();
  const std::uint64_t turn = api->turn();
  Answer answer = co_await kind.read(*api, call);
  if (api->generation() != generation) {
    co_return;
  }
  if (api->turn() != turn) {
    co_await refuse_request_id(call);
    co_return;
  }
  api->advance(protocol::runtime_call::answer_taken);
  const auto verdict = answer.what;
  kind.hand_on(api->observer(), std::move(answer));
  // The invoker's answer, which is on its way through the loop, goes out before the runtime's.
  co_await boost::asio::post(use_awaitable);
  if (api->generation() != generation) {
    co_return;
  }
  co_await kind.reply(call, verdict);
  if (api->generation() == generation && api->turn() == turn) {
    api->return_to_parked_next(call.received());
  }
}

}  // namespace kelvin::service
