// How the gateway's answers leave it.

#include "emulator/gateway/gateway_call.hpp"
#include "emulator/web/answer_parts.hpp"
#include "emulator/web/cors.hpp"

#include <utility>

namespace kelvin {
void gateway::apply_cors(const call& of, web::web_response& answer) {
  if (const auto& cors = of.api.configuration.cors) {
    web::apply_cors(*cors, of.exchange.head().fields.find("Origin"), answer);
  }
}

http::response gateway::to_http(const web::web_response& answer) {
  http::response made;
  made.status = answer.status;
  constexpr std::size_t usual_bytes = 512;
  made.fields.reserve(usual_bytes);
  for (const name_value& each : answer.fields) {
    if (!web::is_session_field(each.name)) {
      http::append_field(made.fields, each.name, each.value);
    }
  }
  made.body = answer.body.view();
  return made;
}

awaitable<bool> gateway::respond(call& of, web::web_response answer) {
  apply_cors(of, answer);
  http::response made = to_http(answer);
  co_return co_await of.exchange.respond(std::move(made));
}

awaitable<bool> gateway::refuse(call& of, refusal why, std::string_view detail) {
  web::web_response answer = of.api.behind->refuse(why, of.context, detail);
  co_return co_await respond(of, std::move(answer));
}

}  // namespace kelvin
