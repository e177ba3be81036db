#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/web/stream_prelude.hpp"
#include "emulator/web/web_request.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/base/request_id.hpp"

#include <string_view>

namespace kelvin::frontdoor::function_url {

/// The answer to a request whose function was invoked with InvokeMode BUFFERED (contract: http-front-doors, 5); `id`
/// is the invocation's. A function error and an answer of another shape are 502, a throttle 429. What a streaming
/// function sent with a prelude is taken apart.
web::web_response to_response(invocation_outcome&& outcome, const web::web_request& request,
                              const web::web_context& context, const request_id& id);

/// The head of a streamed answer; its body follows.
web::web_response to_stream_head(web::stream_prelude&& prelude, const web::web_request& request,
                                 const web::web_context& context);
/// The same without a valid prelude: 200 and the runtime's own type, `application/octet-stream` if it gave none.
web::web_response to_stream_head(std::string_view content_type, const web::web_request& request,
                                 const web::web_context& context);

/// What a function URL answers by itself.
enum class own_error {
  forbidden,          ///< 403: no valid signature where AuthType is AWS_IAM
  unknown,            ///< 403: no function has that URL
  request_too_large,  ///< 413
  throttled,          ///< 429
  header_too_large,   ///< 431
  bad_gateway,        ///< 502: the function failed, or its answer is none
};

web::web_response error_answer(own_error error, const web::web_context& context);

}  // namespace kelvin::frontdoor::function_url
