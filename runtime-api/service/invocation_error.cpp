#include "runtime-api/service/endpoints.hpp"
#include "runtime-api/service/posted_error.hpp"
#include "runtime-api/service/take_answer.hpp"

#include <utility>

namespace kelvin::service {
namespace {

awaitable<posted_error> read(conversation& api, http::exchange& call) {
  return read_posted_error(call, api.current()->request_id);
}

void hand_on(runtime_observer& observer, posted_error&& posted) {
  observer.on_invocation_error(std::move(posted.error));
}

}  // namespace

awaitable<void> invocation_error(shared_conversation api, http::exchange& call, std::string_view id) {
  constexpr answer_call<posted_error> kind{protocol::runtime_call::error, read, hand_on, answer_posted_error};
  return take_answer(std::move(api), call, id, kind);
}

}  // namespace kelvin::service
