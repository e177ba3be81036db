#include "emulator/frontdoor/rest_api/to_event.hpp"

#include "emulator/web/event_1_0.hpp"
#include "emulator/web/event_headers.hpp"
#include "emulator/web/event_time.hpp"
#include "emulator/web/event_writer.hpp"
#include "emulator/web/ids.hpp"
#include "emulator/web/media_type.hpp"
#include "emulator/web/query.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor::rest_api {
namespace {

using web::event_writer;

// More than nearly every event has beside its body.
constexpr std::size_t event_bytes = 4096;
constexpr std::size_t resource_id_length = 6;

bool is_base64(const web::web_request& request, const web::web_context& context) {
  return !request.body.empty() &&
         web::matches_any(context.api->binary_media_types, web::media_type_of(field_or_empty(request, "Content-Type")));
}

/// As recorded: slashes ahead of the path are one slash in `path`, and all of them in `requestContext.path`.
std::string_view path_of(std::string_view stage_path) {
  const std::size_t first = std::min(stage_path.find_first_not_of('/'), stage_path.size());
  return first < 2 ? stage_path : stage_path.substr(first - 1);
}

/// As recorded: a slash at the end stays in the path and is no part of a greedy parameter.
std::vector<name_value> path_parameters(const web::web_context& context) {
  std::vector<name_value> parameters = context.path_parameters;
  const bool slash_at_end = context.stage_path.ends_with('/');
  if (context.resource.ends_with("+}") && slash_at_end && !parameters.empty() &&
      context.stage_path.ends_with(parameters.back().value) && parameters.back().value.ends_with('/')) {
    parameters.back().value.pop_back();
  }
  return parameters;
}

void write_authorizer(event_writer& event, const web::authorization& authorized) {
  switch (authorized.kind) {
    case authorizer_kind::lambda_request:
    case authorizer_kind::lambda_token: web::write_lambda_authorizer(event, authorized); break;
    case authorizer_kind::jwt:
      event.begin_object("authorizer");
      event.json("claims", authorized.document);
      event.end_object();
      break;
    case authorizer_kind::iam: break;  // its result is `identity`
  }
}

void write_context(event_writer& event, const web::web_request& request, const web::web_context& context) {
  event.begin_object("requestContext");
  event.string("accountId", context.account_id);
  event.string("apiId", context.api_id);
  if (context.authorized != nullptr) {
    write_authorizer(event, *context.authorized);
  }
  event.string("deploymentId", web::stable_id(context.api_id, resource_id_length));
  event.string("domainName", request.domain_name);
  event.string("domainPrefix", web::domain_prefix(request, context));
  event.string("extendedRequestId", context.extended_request_id);
  event.string("httpMethod", request.method);
  web::write_identity(event, request, context.authorized, web::absent_user_agent::null);
  event.string("path", ("/" + context.stage).append(context.stage_path));
  event.string("protocol", web::protocol_of(request));
  event.string("requestId", context.request_id);
  event.string("requestTime", web::event_time(request.received));
  event.number("requestTimeEpoch", web::epoch_ms(request.received));
  event.string("resourceId", web::stable_id(context.api_id + context.resource, resource_id_length));
  event.string("resourcePath", context.resource);
  event.string("stage", context.stage);
  event.end_object();
}

}  // namespace

payload to_event(const web::web_request& request, const web::web_context& context) {
  const bool base64 = is_base64(request, context);
  const web::multi_value_map headers =
      web::event_headers(request, {web::header_case::as_sent, web::content_length_rule::left_out, true});
  event_writer event(event_bytes + request.body.size() * 4 / 3);
  event.begin_object();
  event.string("resource", context.resource);
  event.string("path", path_of(context.stage_path));
  event.string("httpMethod", request.method);
  event.last_values("headers", headers);
  event.all_values("multiValueHeaders", headers);
  web::write_query(event, web::parse_query(request.raw_query, web::query_text::decoded));
  web::write_parameters(event, "pathParameters", path_parameters(context), web::parameter_text::as_sent);
  web::write_parameters(event, "stageVariables", web::stage_variables_of(context), web::parameter_text::as_sent);
  write_context(event, request, context);
  if (request.body.empty()) {
    event.null("body");
  } else {
    event.body("body", request.body, base64);
  }
  event.boolean("isBase64Encoded", base64);
  event.end_object();
  return event.take();
}

}  // namespace kelvin::frontdoor::rest_api
