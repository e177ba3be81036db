// The read-only calls' way over HTTP.

#include "emulator/frontdoor/invoke_api/invoke_handler.hpp"
#include "emulator/frontdoor/invoke_api/to_response.hpp"
#include "runtime-api/base/limits.hpp"

#include <utility>

namespace kelvin {

awaitable<bool> invoke_api::read(http::exchange& exchange, frontdoor::operation asked) {
  // A body has no meaning here, but what the client sends is read before it is answered.
  static_cast<void>(co_await exchange.read_body(limits::event_bytes));
  const request_id id = request_id::generate();
  const auto found = co_await reads_.read(asked, exchange.head().query());
  std::string storage;
  const auto* error = std::get_if<frontdoor::service_error>(&found);
  http::response answer = error ? frontdoor::to_error_response(*error, id, storage)
                                : frontdoor::to_read_response(std::get<std::string>(found), id);
  co_await exchange.respond(std::move(answer));
  co_return true;
}

}  // namespace kelvin
