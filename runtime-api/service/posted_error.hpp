#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/request_id.hpp"
#include "runtime-api/http/exchange.hpp"
#include "runtime-api/service/runtime_api.hpp"

#include <optional>

namespace kelvin::service {

/// An error that the runtime posted, and how its call is to be answered.
struct posted_error {
  enum class verdict { complete, too_large, truncated };
  verdict what = verdict::complete;
  runtime_error error;  ///< always something to pass on: platform-made if the body cannot be
};

/// Reads the body of /error or /init/error. `id`: of the invocation in progress, for platform-made
/// texts. An X-Ray cause, in header or body, is taken and dropped: nobody asks for it.
awaitable<posted_error> read_posted_error(http::exchange& call, std::optional<request_id> id);

/// 202, 413 or 400.
awaitable<bool> answer_posted_error(http::exchange& call, posted_error::verdict what);

}  // namespace kelvin::service
