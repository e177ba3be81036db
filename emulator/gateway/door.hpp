#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/web/stream_prelude.hpp"
#include "emulator/web/web_request.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/request_id.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace kelvin {

/// Why the gateway answers by itself, without an answer of the function.
enum class refusal {
  no_route,
  request_too_large,   ///< the body, or the event it makes
  header_too_large,    ///< over the door's header_limit
  timed_out,           ///< the integration's own limit, not the function's
  unauthorized,        ///< no valid identity
  insufficient_scope,  ///< jwt: a valid token without a scope of the route
  denied,              ///< by an authorizer, not explicitly
  explicitly_denied,   ///< by a policy's Deny
  unsigned_request,    ///< AWS_IAM: no signature
  api_key_missing,
  authorizer_failed,  ///< it could not be asked, or its answer is none
  bad_stream,         ///< a streamed answer without a valid prelude, or one that failed before it
};

/// How large a request's head may be at a door.
struct header_limit {
  std::size_t bytes;
  bool counts_request_line;  ///< else the header fields alone
};

/// One of the doors, as the gateway uses them all: a request in, an answer out, without I/O.
class door {
 public:
  virtual ~door() = default;

  /// Limit of a request's body.
  virtual std::size_t body_limit_bytes() const noexcept = 0;
  /// nullopt: only the session's own limit counts.
  virtual std::optional<header_limit> limit_of_header() const noexcept { return std::nullopt; }
  /// How long an integration may take where its route does not say; nullopt: only the function's own limit counts.
  virtual std::optional<std::chrono::milliseconds> default_timeout() const noexcept { return std::nullopt; }

  virtual payload to_event(const web::web_request& request, const web::web_context& context,
                           payload_version version) const = 0;
  virtual web::web_response to_response(invocation_outcome&& outcome, const web::web_request& request,
                                        const web::web_context& context, payload_version version,
                                        const request_id& invocation) const = 0;

  /// Whether a streamed answer of that content type begins with a prelude.
  virtual bool expects_prelude(std::string_view content_type) const noexcept;
  /// The head of a streamed answer. `prelude`: null where none is expected. Only of doors with streaming routes.
  virtual web::web_response to_stream_head(web::stream_prelude* prelude, std::string_view content_type,
                                           const web::web_request& request, const web::web_context& context) const;
  /// The answer of a route without a function. Only of REST APIs.
  virtual web::web_response mock_answer(const mock_integration& mock, const web::web_context& context) const;

  /// `www_authenticate`: the value of that field, where the door sends it; may be empty.
  virtual web::web_response refuse(refusal why, const web::web_context& context,
                                   std::string_view www_authenticate) const = 0;
};

/// The door of that kind; it lasts for ever.
const door& door_of(api_kind kind) noexcept;

}  // namespace kelvin
