#include "emulator/frontdoor/rest_api/to_response.hpp"

#include "emulator/web/answer_parts.hpp"
#include "emulator/web/event_headers.hpp"
#include "emulator/web/function_answer.hpp"
#include "emulator/web/media_type.hpp"
#include "emulator/web/multi_value_map.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::frontdoor::rest_api {
namespace {

using web::function_answer;
using web::value_kind;
using web::web_response;

/// Whether the answer has none but the keys that a REST API takes, and one of them at least.
bool has_right_keys(const function_answer& answer) {
  const bool any = answer.status_code.kind != value_kind::absent || answer.headers.kind != value_kind::absent ||
                   answer.multi_value_headers.kind != value_kind::absent || answer.body.kind != value_kind::absent ||
                   answer.cookies_kind.kind != value_kind::absent ||
                   answer.is_base64_encoded.kind != value_kind::absent;
  return any && answer.unknown_key.empty() && answer.status_description.kind == value_kind::absent;
}

bool is_flag(const web::answer_value& value) {
  return value.kind == value_kind::absent || value.kind == value_kind::null || value.kind == value_kind::boolean;
}

/// 200 where there is none.
std::optional<unsigned> status_or_default(const web::answer_value& value) {
  return value.kind == value_kind::absent || value.kind == value_kind::null ? 200 : web::status_of(value);
}

/// As recorded: one list per name, those of multiValueHeaders first, each value once, a line for each.
std::vector<name_value> merged(std::vector<name_value>&& multi, std::vector<name_value>&& single) {
  web::multi_value_map lists(web::multi_value_map::names::ignoring_case);
  for (auto* const fields : {&multi, &single}) {
    for (name_value& field : *fields) {
      const auto* const known = lists.find(field.name);
      const bool is_new =
          known == nullptr || std::find(known->values.begin(), known->values.end(), field.value) == known->values.end();
      if (is_new) {
        lists.add(std::move(field.name), std::move(field.value));
      }
    }
  }
  std::vector<name_value> fields;
  for (const auto& [name, values] : lists.entries()) {
    for (const std::string& value : values) {
      fields.push_back({web::remapped(name), value});
    }
  }
  return fields;
}

void add_ids(web_response& response, const web::web_context& context) {
  response.fields.push_back({"x-amzn-RequestId", context.request_id});
  response.fields.push_back({"x-amz-apigw-id", context.extended_request_id});
}

void finish(web_response& response, const web::web_context& context, std::string_view trace_id) {
  if (web::find_field(response.fields, "Content-Type") == nullptr) {
    response.fields.push_back({"Content-Type", "application/json"});
  }
  add_ids(response, context);
  if (!trace_id.empty()) {
    response.fields.push_back({"X-Amzn-Trace-Id", std::string(trace_id)});
  }
}

web_response answered(const payload& posted, std::string_view trace_id, const web::web_request& request,
                      const web::web_context& context) {
  function_answer answer = web::read_function_answer(posted.view());
  std::vector<name_value> single;
  std::vector<name_value> multi;
  const auto status = status_or_default(answer.status_code);
  if (answer.whole.kind != value_kind::object || !has_right_keys(answer) || !is_flag(answer.is_base64_encoded) ||
      !status || !append_fields(multi, answer.multi_value_headers, web::field_values::lists) ||
      !append_fields(single, answer.headers, web::field_values::single)) {
    return error_answer(own_error::malformed_answer, context);
  }
  web_response response;
  response.status = *status;
  response.fields = merged(std::move(multi), std::move(single));
  // The first media type of Accept alone counts, and it is not a pattern.
  const bool decode =
      web::says_base64(answer) &&
      web::matches_any(context.api->binary_media_types, web::media_type_of(field_or_empty(request, "Accept")));
  switch (take_body(answer, decode, response.body)) {
    case web::body_state::not_a_string: return error_answer(own_error::malformed_answer, context);
    case web::body_state::not_base64: return error_answer(own_error::configuration, context);
    case web::body_state::taken: break;
  }
  finish(response, context, trace_id);
  return response;
}

}  // namespace

web_response to_response(invocation_outcome&& outcome, const web::web_request& request, const web::web_context& context,
                         const request_id&) {
  if (const auto* success = std::get_if<invocation_success>(&outcome.answer)) {
    const std::string_view trace_id = outcome.trace_id.empty() ? request.trace_id : outcome.trace_id;
    return answered(success->response, trace_id, request, context);
  }
  const bool failed = std::holds_alternative<function_error>(outcome.answer);
  return error_answer(failed ? own_error::malformed_answer : own_error::invoke_refused, context);
}

web_response to_stream_head(web::stream_prelude&& prelude, const web::web_request& request,
                            const web::web_context& context) {
  web_response response;
  response.status = prelude.status;
  response.fields = merged(std::move(prelude.multi_value_fields), std::move(prelude.fields));
  for (std::string& cookie : prelude.cookies) {
    response.fields.push_back({"Set-Cookie", std::move(cookie)});
  }
  finish(response, context, request.trace_id);
  return response;
}

web_response mock_answer(const mock_integration& mock, const web::web_context& context) {
  web_response response;
  response.status = mock.status;
  response.fields = mock.fields;
  finish(response, context, {});
  return response;
}

}  // namespace kelvin::frontdoor::rest_api
