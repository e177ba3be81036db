#include "runtime-api/service/posted_error.hpp"

#include "runtime-api/base/limits.hpp"
#include "runtime-api/protocol/error_body.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/platform_error.hpp"
#include "runtime-api/service/answers.hpp"

#include <string>
#include <utility>

namespace kelvin::service {
namespace {

namespace error_types = protocol::error_types;
using verdict = posted_error::verdict;

constexpr std::string_view truncated_text = "HTTP request detected as truncated";

/// What is passed on in place of a body that could not be read whole.
posted_error unreadable(errc why, const std::optional<request_id>& id) {
  posted_error posted;
  if (why == errc::body_too_large) {
    posted.what = verdict::too_large;
    posted.error.error_type = error_types::function_response_size_too_large;
    posted.error.body = protocol::response_too_large_error(limits::runtime_error_bytes);
  } else {
    posted.what = verdict::truncated;
    posted.error.error_type = error_types::runtime_truncated_response;
    posted.error.body = protocol::platform_error(error_types::runtime_truncated_response, id, truncated_text);
  }
  return posted;
}

}  // namespace

awaitable<posted_error> read_posted_error(http::exchange& call, std::optional<request_id> id) {
  auto body = co_await call.read_body(limits::runtime_error_bytes);
  if (body.has_error()) {
    co_return unreadable(body.error().code, id);
  }
  const http::field_list& fields = call.head().fields;
  posted_error posted;
  posted.error.error_type =
      protocol::normalized_error_type(fields.find("Lambda-Runtime-Function-Error-Type").value_or(""));
  posted.error.body = protocol::is_error_cause_type(fields.find("Content-Type").value_or(""))
                          ? protocol::without_error_cause(body.value().view())
                          : std::move(body).value();
  co_return posted;
}

awaitable<bool> answer_posted_error(http::exchange& call, verdict what) {
  switch (what) {
    case verdict::too_large: {
      const std::string text =
          "Exceeded maximum allowed payload size (" + std::to_string(limits::runtime_error_bytes) + " bytes).";
      return refuse(call, 413, error_types::request_entity_too_large, text);
    }
    case verdict::truncated: return refuse(call, 400, error_types::truncated_http_request, truncated_text);
    case verdict::complete: break;
  }
  return accept(call);
}

}  // namespace kelvin::service
