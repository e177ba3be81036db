#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/http/exchange.hpp"
#include "runtime-api/service/conversation.hpp"

#include <memory>
#include <string_view>

/// One coroutine per endpoint of the Runtime API, each in the file of its name. `id` is the
/// invocation's id in the path, empty where there is none; it lasts as long as the exchange.
namespace kelvin::service {

using shared_conversation = std::shared_ptr<conversation>;

awaitable<void> next(shared_conversation api, http::exchange& call, std::string_view id);
awaitable<void> response(shared_conversation api, http::exchange& call, std::string_view id);
awaitable<void> invocation_error(shared_conversation api, http::exchange& call, std::string_view id);
awaitable<void> init_error(shared_conversation api, http::exchange& call, std::string_view id);
awaitable<void> ping(shared_conversation api, http::exchange& call, std::string_view id);

/// Extensions, Telemetry and Logs API: named, not yet served.
awaitable<void> extensions_api(shared_conversation api, http::exchange& call, std::string_view id);
awaitable<void> telemetry_api(shared_conversation api, http::exchange& call, std::string_view id);
awaitable<void> logs_api(shared_conversation api, http::exchange& call, std::string_view id);

}  // namespace kelvin::service
