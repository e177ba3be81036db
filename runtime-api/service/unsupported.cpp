#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/endpoints.hpp"

#include <string>

namespace kelvin::service {
namespace {

enum api_bit : unsigned { extensions_bit, telemetry_bit, logs_bit };

/// `api_name` must be a literal: it is used behind a suspension.
awaitable<void> answer_unsupported(shared_conversation api, http::exchange& call, api_bit bit,
                                   std::string_view api_name) {
  std::string text = "kelvin does not serve the Lambda ";
  text.append(api_name).append(" yet (").append(call.head().method_text).append(" ").append(call.head().path());
  text.append("); run the function without the extension, or the layer, that asks for it");
  api->tell_unsupported(bit, text);
  co_await drain(call);
  co_await refuse(call, 501, protocol::error_types::not_implemented, text);
}

}  // namespace

awaitable<void> extensions_api(shared_conversation api, http::exchange& call, std::string_view) {
  return answer_unsupported(std::move(api), call, extensions_bit, "Extensions API");
}

awaitable<void> telemetry_api(shared_conversation api, http::exchange& call, std::string_view) {
  return answer_unsupported(std::move(api), call, telemetry_bit, "Telemetry API");
}

awaitable<void> logs_api(shared_conversation api, http::exchange& call, std::string_view) {
  return answer_unsupported(std::move(api), call, logs_bit, "Logs API");
}

}  // namespace kelvin::service
