#include "emulator/frontdoor/function_url/to_response.hpp"

#include "emulator/web/answer_parts.hpp"
#include "emulator/web/function_answer.hpp"
#include "emulator/web/media_type.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::frontdoor::function_url {
namespace {

using web::function_answer;
using web::value_kind;
using web::web_response;

constexpr std::string_view json_type = "application/json";

struct error_form {
  own_error error;
  unsigned status;
  std::string_view body;
  std::string_view type;  ///< x-amzn-ErrorType; empty: a plain text of the gateway
};

// Both 403 and 502 are those of tests validated on AWS; the others are worded alike, unconfirmed.
constexpr std::array forms{
    error_form{own_error::forbidden, 403,
               R"({"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: )"
               R"(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})",
               "AccessDeniedException"},
    error_form{own_error::unknown, 403, R"({"Message":null})", "AccessDeniedException"},
    error_form{own_error::request_too_large, 413, R"({"Message":"Request Entity Too Large"})",
               "RequestEntityTooLargeException"},
    error_form{own_error::throttled, 429, R"({"Message":"Rate Exceeded."})", "TooManyRequestsException"},
    error_form{own_error::header_too_large, 431, R"({"Message":"Request Header Fields Too Large"})",
               "BadRequestException"},
    error_form{own_error::bad_gateway, 502, "Internal Server Error", ""},
};

struct ids {
  std::string_view request_id;
  std::string_view trace_id;  ///< empty: not told
};

void add_ids(web_response& response, const ids& known) {
  response.fields.push_back({"x-amzn-RequestId", std::string(known.request_id)});
  if (!known.trace_id.empty()) {
    response.fields.push_back({"X-Amzn-Trace-Id", std::string(known.trace_id)});
  }
}

void finish(web_response& response, const ids& known) {
  for (name_value& field : response.fields) {
    field.name = web::remapped(std::move(field.name));
  }
  if (web::find_field(response.fields, "Content-Type") == nullptr) {
    response.fields.push_back({"Content-Type", std::string(json_type)});
  }
  add_ids(response, known);
}

void add_cookies(web_response& response, std::vector<std::string>&& cookies) {
  for (std::string& cookie : cookies) {
    response.fields.push_back({"Set-Cookie", std::move(cookie)});
  }
}

/// 200 and what the function answered: a string without its quotes, other JSON without white space between its
/// tokens (both recorded), bytes that are no JSON as they are.
web_response inferred(function_answer& answer, payload&& posted, const ids& known) {
  web_response response;
  if (answer.whole.kind == value_kind::absent) {
    response.body = std::move(posted);
  } else if (answer.whole.kind != value_kind::string) {
    web::append_compact_json(response.body, posted.view());
  } else if (answer.whole.is_unescaped) {
    response.body = std::move(answer.whole.unescaped);
  } else {
    response.body.append(answer.whole.in_place);
  }
  finish(response, known);
  return response;
}

web_response answered(payload&& posted, const ids& known, const web::web_context& context) {
  function_answer answer = web::read_function_answer(posted.view());
  if (answer.status_code.kind == value_kind::absent) {
    return inferred(answer, std::move(posted), known);
  }
  web_response response;
  std::vector<std::string> cookies;
  const auto status = web::status_of(answer.status_code);
  if (!status || !append_cookies(cookies, answer)) {
    return error_answer(own_error::bad_gateway, context);
  }
  response.status = *status;
  add_cookies(response, std::move(cookies));
  if (!append_fields(response.fields, answer.headers, web::field_values::single) ||
      take_body(answer, web::says_base64(answer), response.body) != web::body_state::taken) {
    return error_answer(own_error::bad_gateway, context);
  }
  finish(response, known);
  return response;
}

/// The head of what came with a prelude.
web_response prelude_head(web::stream_prelude&& prelude, const ids& known) {
  web_response response;
  response.status = prelude.status;
  add_cookies(response, std::move(prelude.cookies));
  for (auto* const fields : {&prelude.fields, &prelude.multi_value_fields}) {
    for (name_value& field : *fields) {
      response.fields.push_back(std::move(field));
    }
  }
  finish(response, known);
  return response;
}

web_response plain_head(std::string_view content_type, const ids& known) {
  web_response response;
  const bool says_nothing = content_type.empty() || web::media_type_of(content_type) == web::prelude_content_type;
  response.fields.push_back({"Content-Type", std::string(says_nothing ? "application/octet-stream" : content_type)});
  add_ids(response, known);
  return response;
}

/// What a streaming function sent, collected.
web_response collected(const payload& posted, const ids& known) {
  web::prelude_reader reader;
  const bool has_prelude = reader.put(posted.view()) == web::prelude_reader::progress::complete;
  web_response response =
      has_prelude ? prelude_head(web::stream_prelude(reader.prelude()), known) : plain_head({}, known);
  response.body = reader.take_rest();
  return response;
}

}  // namespace

web_response to_response(invocation_outcome&& outcome, const web::web_request& request, const web::web_context& context,
                         const request_id& id) {
  const ids known{id.text(), outcome.trace_id.empty() ? request.trace_id : outcome.trace_id};
  if (auto* success = std::get_if<invocation_success>(&outcome.answer)) {
    return web::media_type_of(success->content_type) == web::prelude_content_type
               ? collected(success->response, known)
               : answered(std::move(success->response), known, context);
  }
  const bool refused = std::holds_alternative<throttled>(outcome.answer);
  return error_answer(refused ? own_error::throttled : own_error::bad_gateway, context);
}

web_response to_stream_head(web::stream_prelude&& prelude, const web::web_request& request,
                            const web::web_context& context) {
  return prelude_head(std::move(prelude), {context.request_id, request.trace_id});
}

web_response to_stream_head(std::string_view content_type, const web::web_request& request,
                            const web::web_context& context) {
  return plain_head(content_type, {context.request_id, request.trace_id});
}

web_response error_answer(own_error error, const web::web_context& context) {
  const error_form& form = forms.at(static_cast<std::size_t>(error));
  web_response response = web::own_answer(form.status, form.type.empty() ? "text/plain" : json_type, form.body);
  add_ids(response, {context.request_id, {}});
  if (!form.type.empty()) {
    response.fields.push_back({"x-amzn-ErrorType", std::string(form.type)});
  }
  return response;
}

}  // namespace kelvin::frontdoor::function_url
