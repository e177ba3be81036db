#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/web/stream_prelude.hpp"
#include "emulator/web/web_request.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/base/request_id.hpp"

namespace kelvin::frontdoor::rest_api {

/// The answer to a request whose function was invoked (contract: http-front-doors, 2.7 and 3). A function error and
/// an answer of another shape are 502, a throttle and a failure of kelvin's own 500.
web::web_response to_response(invocation_outcome&& outcome, const web::web_request& request,
                              const web::web_context& context, const request_id& id);

/// The head of a streamed answer; its body follows. Without a valid prelude: own_error::malformed_answer.
web::web_response to_stream_head(web::stream_prelude&& prelude, const web::web_request& request,
                                 const web::web_context& context);

/// The answer of a method that has no function.
web::web_response mock_answer(const mock_integration& mock, const web::web_context& context);

/// What a REST API answers by itself (contract: http-front-doors, 3; API Gateway's gateway responses).
enum class own_error {
  invalid_body,            ///< 400: does not fit the model
  unauthorized,            ///< 401: identity source missing, `Unauthorized` by the authorizer
  missing_token,           ///< 403: no such resource or method, or no signature where one is needed
  denied,                  ///< 403: no statement of the authorizer's policy allows it
  denied_explicitly,       ///< 403: a statement of it denies
  api_key,                 ///< 403: missing or not valid
  request_too_large,       ///< 413
  uri_too_long,            ///< 414
  unsupported_media_type,  ///< 415
  throttled,               ///< 429: by the stage
  header_too_large,        ///< 431: over limits::api_header_bytes
  invoke_refused,          ///< 500: throttled function, integration misconfigured
  configuration,           ///< 500: base64 that is none
  authorizer_failed,       ///< 500
  malformed_answer,        ///< 502: also a function error
  timed_out,               ///< 504: over 29 s
};

web::web_response error_answer(own_error error, const web::web_context& context);

}  // namespace kelvin::frontdoor::rest_api
