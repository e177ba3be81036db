#include "emulator/app/front_door.hpp"

namespace kelvin {
namespace {

awaitable<bool> refuse(http::exchange& exchange, unsigned status, std::string_view type, std::string_view message) {
  const std::string body = std::string("{\"Type\":\"User\",\"message\":\"").append(message).append("\"}");
  http::response answer;
  answer.status = status;
  http::append_field(answer.fields, "Content-Type", "application/json");
  http::append_field(answer.fields, "x-amzn-ErrorType", type);
  answer.body = body;
  co_return co_await exchange.respond(std::move(answer));
}

}  // namespace

awaitable<void> front_door::handle(http::exchange& exchange) {
  const http::request_head& head = exchange.head();
  const auto host = head.fields.find("Host");
  if (!host && !head.http_1_0) {
    co_await refuse(exchange, 400, "BadRequestException", "An HTTP/1.1 request must have a Host field");
    co_return;
  }
  if (host && !http::host_is_allowed(*host, hosts_)) {
    // A page on another site can point its own name at this machine (DNS rebinding).
    co_await refuse(exchange, 403, "ForbiddenException",
                    "kelvin does not answer to this Host. Use 127.0.0.1 or localhost, or start kelvin with "
                    "--allow-host NAME");
    co_return;
  }
  if (http::is_cross_origin(head.fields)) {
    co_await refuse(exchange, 403, "ForbiddenException",
                    "kelvin refuses cross-origin browser requests to the Invoke API and to /_kelvin/");
    co_return;
  }
  if (co_await invoke_.handle(exchange)) {
    co_return;
  }
  if (co_await control_.handle(exchange)) {
    co_return;
  }
  co_await refuse(exchange, 404, "UnknownOperationException",
                  "Nothing is served at this path. POST /2015-03-31/functions/NAME/invocations invokes a function, "
                  "GET /_kelvin/functions lists them; HTTP APIs and function URLs are not in this version");
}

}  // namespace kelvin
