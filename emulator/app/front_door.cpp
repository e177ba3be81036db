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

std::string_view nothing_here(const address& where) {
  switch (where.what) {
    case address::kind::api:
      return "There is no API of this name. GET /_kelvin/functions lists functions, the log's first lines list the "
             "APIs "
             "of this run";
    case address::kind::function_url:
      return "There is no function of this name. GET /_kelvin/functions lists those of this run";
    case address::kind::default_api: break;
  }
  return "This run has several functions and no API, so nothing is served at this path. /lambda-url/NAME/ is a "
         "function's "
         "URL, POST /2015-03-31/functions/NAME/invocations invokes it, GET /_kelvin/functions lists all; a "
         "template.yaml "
         "describes APIs";
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
  // A Host that names an API or a function URL is for it alone, whatever the path.
  const bool by_name = host && find_address(*host, "/").what != address::kind::default_api;
  if (!by_name) {
    if (http::is_cross_origin(head.fields) && (invoke_api::owns(head) || control_endpoints::owns(head))) {
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
  }
  if (co_await apis_.handle(exchange)) {
    co_return;
  }
  co_await refuse(exchange, 404, "UnknownOperationException",
                  nothing_here(find_address(host.value_or(""), head.path())));
}

}  // namespace kelvin
