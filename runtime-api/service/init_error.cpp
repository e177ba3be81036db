#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/endpoints.hpp"
#include "runtime-api/service/posted_error.hpp"

#include <utility>

namespace kelvin::service {

awaitable<void> init_error(shared_conversation api, http::exchange& call, std::string_view) {
  const conversation::reading counted(*api);
  if (auto refusal = api->advance(protocol::runtime_call::init_error)) {
    co_await refuse_state(call, std::move(*refusal));
    co_return;
  }
  const std::uint64_t generation = api->generation();
  // The invocation that waits for this init may come and go meanwhile; the error concerns the runtime.
  std::optional<request_id> id;
  if (api->current()) {
    id = api->current()->request_id;
  }
  posted_error posted = co_await read_posted_error(call, id);
  if (api->generation() != generation) {
    co_return;
  }
  api->observer().on_init_error(std::move(posted.error));
  co_await answer_posted_error(call, posted.what);
}

}  // namespace kelvin::service
