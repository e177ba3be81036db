#include "emulator/frontdoor/alb/to_response.hpp"

#include "emulator/web/answer_parts.hpp"
#include "emulator/web/function_answer.hpp"
#include "runtime-api/base/limits.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::frontdoor::alb {
namespace {

using web::value_kind;
using web::web_response;

struct error_form {
  own_error error;
  unsigned status;
  std::string_view title;
};

constexpr std::array forms{
    error_form{own_error::bad_request, 400, "400 Bad Request"},
    error_form{own_error::request_too_large, 413, "413 Request Entity Too Large"},
    error_form{own_error::bad_gateway, 502, "502 Bad Gateway"},
};

web_response answered(const payload& posted, const web::web_context& context) {
  web::function_answer answer = web::read_function_answer(posted.view());
  const auto status = web::status_of(answer.status_code);
  const bool described = answer.status_description.kind == value_kind::absent ||
                         answer.status_description.kind == value_kind::null ||
                         answer.status_description.kind == value_kind::string;
  web_response response;
  const bool has_fields = context.api->multi_value_headers
                              ? append_fields(response.fields, answer.multi_value_headers, web::field_values::lists)
                              : append_fields(response.fields, answer.headers, web::field_values::single);
  if (!status || !described || !has_fields ||
      take_body(answer, web::says_base64(answer), response.body) != web::body_state::taken) {
    return error_answer(own_error::bad_gateway, context);
  }
  response.status = *status;
  std::erase_if(response.fields, [](const name_value& field) { return web::is_session_field(field.name); });
  if (web::find_field(response.fields, "Content-Type") == nullptr) {
    response.fields.push_back({"Content-Type", "application/octet-stream"});
  }
  return response;
}

}  // namespace

web_response to_response(invocation_outcome&& outcome, const web::web_request&, const web::web_context& context,
                         const request_id&) {
  const auto* const success = std::get_if<invocation_success>(&outcome.answer);
  if (success == nullptr || success->response.size() > limits::load_balancer_bytes) {
    return error_answer(own_error::bad_gateway, context);
  }
  return answered(success->response, context);
}

web_response error_answer(own_error error, const web::web_context&) {
  const error_form& form = forms.at(static_cast<std::size_t>(error));
  const std::string title(form.title);
  web_response response =
      web::own_answer(form.status, "text/html",
                      "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
                          "</h1></center>\r\n</body>\r\n</html>\r\n");
  response.fields.insert(response.fields.begin(), {"Server", "awselb/2.0"});
  return response;
}

}  // namespace kelvin::frontdoor::alb
