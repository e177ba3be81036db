#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/endpoints.hpp"

namespace kelvin::service {

awaitable<void> ping(shared_conversation, http::exchange& call, std::string_view) {
  co_await answer_text(call, 200, "pong");
}

}  // namespace kelvin::service
