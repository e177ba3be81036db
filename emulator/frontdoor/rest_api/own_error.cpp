#include "emulator/frontdoor/rest_api/to_response.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace kelvin::frontdoor::rest_api {
namespace {

struct error_form {
  own_error error;
  unsigned status;
  std::string_view body;
  std::string_view type;  ///< x-amzn-ErrorType
};

// Recorded on AWS is 502 alone, with the blank behind the colon; the others are documented or were seen in reports, and
// 414, 415, 429, 431, the explicit deny and most types of 4xx are unconfirmed.
constexpr std::array forms{
    error_form{own_error::invalid_body, 400, R"({"message": "Invalid request body"})", "BadRequestException"},
    error_form{own_error::unauthorized, 401, R"({"message":"Unauthorized"})", "UnauthorizedException"},
    error_form{own_error::missing_token, 403, R"({"message":"Missing Authentication Token"})",
               "MissingAuthenticationTokenException"},
    error_form{own_error::denied, 403, R"({"Message":"User is not authorized to access this resource"})",
               "AccessDeniedException"},
    error_form{own_error::denied_explicitly, 403,
               R"({"Message":"User is not authorized to access this resource with an explicit deny"})",
               "AccessDeniedException"},
    error_form{own_error::api_key, 403, R"({"message":"Forbidden"})", "ForbiddenException"},
    error_form{own_error::request_too_large, 413, R"({"message":"Request Too Long"})", "RequestTooLargeException"},
    error_form{own_error::uri_too_long, 414, R"({"message":"Request-URI Too Long"})", "BadRequestException"},
    error_form{own_error::unsupported_media_type, 415, R"({"message":"Unsupported Media Type"})",
               "BadRequestException"},
    error_form{own_error::throttled, 429, R"({"message":"Too Many Requests"})", "TooManyRequestsException"},
    error_form{own_error::header_too_large, 431, R"({"message":"Request Header Fields Too Large"})",
               "BadRequestException"},
    error_form{own_error::invoke_refused, 500, R"({"message":"Internal server error"})",
               "InternalServerErrorException"},
    error_form{own_error::configuration, 500, R"({"message":"Internal server error"})", "InternalServerErrorException"},
    error_form{own_error::authorizer_failed, 500, R"({"message":null})", "AuthorizerConfigurationException"},
    error_form{own_error::malformed_answer, 502, R"({"message": "Internal server error"})",
               "InternalServerErrorException"},
    error_form{own_error::timed_out, 504, R"({"message": "Endpoint request timed out"})",
               "InternalServerErrorException"},
};

}  // namespace

web::web_response error_answer(own_error error, const web::web_context& context) {
  const error_form& form = forms.at(static_cast<std::size_t>(error));
  web::web_response response = web::own_answer(form.status, "application/json", form.body);
  response.fields.push_back({"x-amzn-RequestId", context.request_id});
  response.fields.push_back({"x-amz-apigw-id", context.extended_request_id});
  response.fields.push_back({"x-amzn-ErrorType", std::string(form.type)});
  return response;
}

}  // namespace kelvin::frontdoor::rest_api
