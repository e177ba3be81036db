#include "emulator/frontdoor/http_api/to_response.hpp"

#include "emulator/web/answer_parts.hpp"
#include "emulator/web/event_headers.hpp"
#include "emulator/web/function_answer.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::frontdoor::http_api {
namespace {

using web::function_answer;
using web::value_kind;
using web::web_response;

struct error_form {
  own_error error;
  unsigned status;
  std::string_view body;
};

// 500's two capitals are recorded on AWS; 503 was seen in reports, 413 is the .NET test tool's; 429, 431 follow suit.
constexpr std::array forms{
    error_form{own_error::unauthorized, 401, R"({"message":"Unauthorized"})"},
    error_form{own_error::forbidden, 403, R"({"message":"Forbidden"})"},
    error_form{own_error::not_found, 404, R"({"message":"Not Found"})"},
    error_form{own_error::request_too_large, 413, R"({"message":"Request Entity Too Large"})"},
    error_form{own_error::header_too_large, 431, R"({"message":"Request Header Fields Too Large"})"},
    error_form{own_error::throttled, 429, R"({"message":"Too Many Requests"})"},
    error_form{own_error::internal, 500, R"({"message":"Internal Server Error"})"},
    error_form{own_error::service_unavailable, 503, R"({"message":"Service Unavailable"})"},
};

void add_own_fields(web_response& response, const web::web_context& context) {
  response.fields.push_back({"Apigw-Requestid", context.request_id});
}

/// Names as an HTTP API writes them to HTTP/1.1, without what the session writes; then the default type.
void finish(web_response& response, const web::web_context& context) {
  std::erase_if(response.fields, [](const name_value& field) { return web::is_session_field(field.name); });
  for (name_value& field : response.fields) {
    field.name = web::title_case(field.name);
  }
  if (web::find_field(response.fields, "Content-Type") == nullptr) {
    response.fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
  }
  add_own_fields(response, context);
}

/// 200 and the JSON that the function answered: a string without its quotes, anything else as it was posted.
web_response inferred(function_answer& answer, payload&& posted, const web::web_context& context) {
  web_response response;
  response.fields.push_back({"Content-Type", "application/json"});
  add_own_fields(response, context);
  if (answer.whole.kind != value_kind::string) {
    response.body = std::move(posted);
  } else if (answer.whole.is_unescaped) {
    response.body = std::move(answer.whole.unescaped);
  } else {
    response.body.append(answer.whole.in_place);
  }
  return response;
}

/// Status and body; false: the answer is malformed.
bool take_status_and_body(web_response& response, function_answer& answer) {
  const auto status = web::status_of(answer.status_code);
  if (!status || take_body(answer, web::says_base64(answer), response.body) != web::body_state::taken) {
    return false;
  }
  response.status = *status;
  return true;
}

web_response answered_2_0(payload&& posted, const web::web_context& context) {
  function_answer answer = web::read_function_answer(posted.view());
  if (answer.status_code.kind == value_kind::absent) {
    return inferred(answer, std::move(posted), context);
  }
  web_response response;
  std::vector<std::string> cookies;
  if (!append_cookies(cookies, answer)) {
    return error_answer(own_error::internal, context);
  }
  for (std::string& cookie : cookies) {
    response.fields.push_back({"Set-Cookie", std::move(cookie)});
  }
  if (!append_fields(response.fields, answer.headers, web::field_values::single) ||
      !take_status_and_body(response, answer)) {
    return error_answer(own_error::internal, context);
  }
  finish(response, context);
  return response;
}

web_response answered_1_0(const payload& posted, const web::web_context& context) {
  function_answer answer = web::read_function_answer(posted.view());
  web_response response;
  if (!append_fields(response.fields, answer.headers, web::field_values::single) ||
      !append_fields(response.fields, answer.multi_value_headers, web::field_values::lists) ||
      !take_status_and_body(response, answer)) {
    return error_answer(own_error::internal, context);
  }
  finish(response, context);
  return response;
}

}  // namespace

web_response to_response(invocation_outcome&& outcome, const web::web_request&, const web::web_context& context,
                         const request_id&, payload_version version) {
  if (auto* success = std::get_if<invocation_success>(&outcome.answer)) {
    return version == payload_version::v2 ? answered_2_0(std::move(success->response), context)
                                          : answered_1_0(success->response, context);
  }
  const bool failed = std::holds_alternative<function_error>(outcome.answer);
  return error_answer(failed ? own_error::internal : own_error::service_unavailable, context);
}

web_response error_answer(own_error error, const web::web_context& context, std::string_view www_authenticate) {
  const error_form& form = forms.at(static_cast<std::size_t>(error));
  web_response response = web::own_answer(form.status, "application/json", form.body);
  if (error == own_error::service_unavailable) {
    response.fields.clear();  // as seen on AWS: this one has no type
  }
  if (!www_authenticate.empty()) {
    response.fields.push_back({"Www-Authenticate", std::string(www_authenticate)});
  }
  add_own_fields(response, context);
  return response;
}

}  // namespace kelvin::frontdoor::http_api
