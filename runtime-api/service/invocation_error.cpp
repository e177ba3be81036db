#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/endpoints.hpp"
#include "runtime-api/service/posted_error.hpp"

#include <utility>

namespace kelvin::service {

awaitable<void> invocation_error(shared_conversation api, http::exchange& call, std::string_view id) {
  const conversation::reading counted(*api);
  if (!api->is_current(id)) {
    co_await refuse_request_id(call);
    co_return;
  }
  if (auto refusal = api->advance(protocol::runtime_call::error)) {
    co_await refuse_state(call, std::move(*refusal));
    co_return;
  }
  const std::uint64_t generation = api->generation();
  const std::uint64_t turn = api->turn();
  posted_error posted = co_await read_posted_error(call, api->current()->request_id);
  if (api->generation() != generation) {
    co_return;
  }
  if (api->turn() != turn) {
    co_await refuse_request_id(call);
    co_return;
  }
  api->advance(protocol::runtime_call::answer_taken);
  api->observer().on_invocation_error(std::move(posted.error));
  co_await answer_posted_error(call, posted.what);
  if (api->generation() == generation && api->turn() == turn) {
    api->return_to_parked_next(call.received());
  }
}

}  // namespace kelvin::service
