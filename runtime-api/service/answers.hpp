#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/http/exchange.hpp"

#include <string>
#include <string_view>

namespace kelvin::service {

/// 202 `{"status":"OK"}`.
awaitable<bool> accept(http::exchange& call);

/// A JSON error answer. Where the request may have a body, drain() comes first.
awaitable<bool> refuse(http::exchange& call, unsigned status, std::string_view error_type, std::string_view message);

/// 400 for an id that is not the invocation's in progress; reads the body first.
awaitable<void> refuse_request_id(http::exchange& call);

/// 403 for a call that the runtime's state does not allow; reads the body first. `text`: AWS's.
awaitable<void> refuse_state(http::exchange& call, std::string text);

/// A text answer that is not JSON; `body` must outlive the call.
awaitable<bool> answer_text(http::exchange& call, unsigned status, std::string_view body);

/// Reads the body and drops it: many clients see an answer only when they have sent everything.
awaitable<void> drain(http::exchange& call);

}  // namespace kelvin::service
