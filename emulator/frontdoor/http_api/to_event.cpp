#include "emulator/frontdoor/http_api/to_event.hpp"

#include "emulator/web/event_1_0.hpp"
#include "emulator/web/event_headers.hpp"
#include "emulator/web/event_time.hpp"
#include "emulator/web/event_writer.hpp"
#include "emulator/web/media_type.hpp"
#include "emulator/web/percent_encoding.hpp"
#include "emulator/web/query.hpp"

#include <string>
#include <string_view>

namespace kelvin::frontdoor::http_api {
namespace {

using web::event_writer;

// More than nearly every event has beside its body.
constexpr std::size_t event_bytes = 4096;

bool is_base64(const web::web_request& request) {
  return !request.body.empty() && !web::is_plain_text(web::media_type_of(field_or_empty(request, "Content-Type")));
}

/// `GET /pets/{id}`, or `$default`.
std::string route_key(const web::web_context& context) {
  return context.resource == "$default" ? context.resource : context.method + " " + context.resource;
}

/// The path as sent; a named stage is part of it whether or not the caller came by it.
std::string path_with_stage(const web::web_context& context) {
  std::string path = context.stage == "$default" ? std::string() : "/" + context.stage;
  return path.append(context.stage_path);
}

void write_authorizer_2_0(event_writer& event, const web::authorization& authorized) {
  event.begin_object("authorizer");
  switch (authorized.kind) {
    case authorizer_kind::jwt:
      event.begin_object("jwt");
      event.json("claims", authorized.document);
      if (authorized.scopes) {
        event.begin_array("scopes");
        for (const std::string& scope : *authorized.scopes) {
          event.element(scope);
        }
        event.end_array();
      } else {
        event.null("scopes");
      }
      event.end_object();
      break;
    case authorizer_kind::iam: event.json("iam", authorized.document); break;
    case authorizer_kind::lambda_request:
    case authorizer_kind::lambda_token: event.json("lambda", authorized.document); break;
  }
  event.end_object();
}

void write_context_2_0(event_writer& event, const web::web_request& request, const web::web_context& context,
                       const std::string& path) {
  event.begin_object("requestContext");
  event.string("accountId", context.account_id);
  event.string("apiId", context.api_id);
  if (context.authorized != nullptr) {
    write_authorizer_2_0(event, *context.authorized);
  }
  event.string("domainName", request.domain_name);
  event.string("domainPrefix", web::domain_prefix(request, context));
  event.begin_object("http");
  event.string("method", request.method);
  event.string("path", path);
  event.string("protocol", web::protocol_of(request));
  event.string("sourceIp", request.source_ip);
  event.string("userAgent", field_or_empty(request, "User-Agent"));
  event.end_object();
  event.string("requestId", context.request_id);
  event.string("routeKey", route_key(context));
  event.string("stage", context.stage);
  event.string("time", web::event_time(request.received));
  event.number("timeEpoch", web::epoch_ms(request.received));
  event.end_object();
}

payload event_2_0(const web::web_request& request, const web::web_context& context) {
  const bool base64 = is_base64(request);
  const std::string path = web::percent_decoded(path_with_stage(context), web::plus_sign::kept);
  event_writer event(event_bytes + request.body.size() * 4 / 3);
  event.begin_object();
  event.string("version", "2.0");
  event.string("routeKey", route_key(context));
  event.string("rawPath", path);
  event.string("rawQueryString", request.raw_query);
  if (const auto cookies = web::cookies_of(request); !cookies.empty()) {
    event.begin_array("cookies");
    for (const std::string_view cookie : cookies) {
      event.element(cookie);
    }
    event.end_array();
  }
  event.joined_values("headers",
                      web::event_headers(request, {web::header_case::lower, web::content_length_rule::always, false}));
  if (const auto query = web::parse_query(request.raw_query, web::query_text::decoded); !query.empty()) {
    event.joined_values("queryStringParameters", query);
  }
  write_context_2_0(event, request, context, path);
  if (!context.path_parameters.empty()) {
    web::write_parameters(event, "pathParameters", context.path_parameters, web::parameter_text::decoded);
  }
  if (const auto& variables = web::stage_variables_of(context); !variables.empty()) {
    web::write_parameters(event, "stageVariables", variables, web::parameter_text::as_sent);
  }
  if (!request.body.empty()) {
    event.body("body", request.body, base64);
  }
  event.boolean("isBase64Encoded", base64);
  event.end_object();
  return event.take();
}

void write_authorizer_1_0(event_writer& event, const web::authorization* authorized) {
  const bool is_lambda = authorized != nullptr && (authorized->kind == authorizer_kind::lambda_request ||
                                                   authorized->kind == authorizer_kind::lambda_token);
  if (is_lambda) {
    web::write_lambda_authorizer(event, *authorized);
    return;
  }
  const bool is_jwt = authorized != nullptr && authorized->kind == authorizer_kind::jwt;
  event.begin_object("authorizer");
  event.json("claims", is_jwt ? std::string_view(authorized->document) : "null");
  if (is_jwt && authorized->scopes) {
    event.begin_array("scopes");
    for (const std::string& scope : *authorized->scopes) {
      event.element(scope);
    }
    event.end_array();
  } else {
    event.null("scopes");
  }
  event.end_object();
}

void write_context_1_0(event_writer& event, const web::web_request& request, const web::web_context& context,
                       const std::string& path) {
  event.begin_object("requestContext");
  event.string("accountId", context.account_id);
  event.string("apiId", context.api_id);
  write_authorizer_1_0(event, context.authorized);
  event.string("domainName", request.domain_name);
  event.string("domainPrefix", web::domain_prefix(request, context));
  event.string("extendedRequestId", context.extended_request_id);
  event.string("httpMethod", request.method);
  web::write_identity(event, request, context.authorized, web::absent_user_agent::empty);
  event.string("path", web::percent_decoded(path, web::plus_sign::kept));
  event.string("protocol", web::protocol_of(request));
  event.string("requestId", context.request_id);
  event.string("requestTime", web::event_time(request.received));
  event.number("requestTimeEpoch", web::epoch_ms(request.received));
  event.string("resourceId", route_key(context));
  event.string("resourcePath", context.resource);
  event.string("stage", context.stage);
  event.end_object();
}

payload event_1_0(const web::web_request& request, const web::web_context& context) {
  const bool base64 = is_base64(request);
  const std::string path = path_with_stage(context);
  const web::multi_value_map headers =
      web::event_headers(request, {web::header_case::title, web::content_length_rule::always, true});
  event_writer event(event_bytes + request.body.size() * 4 / 3);
  event.begin_object();
  event.string("version", "1.0");
  event.string("resource", context.resource);
  event.string("path", path);
  event.string("httpMethod", request.method);
  event.last_values("headers", headers);
  event.all_values("multiValueHeaders", headers);
  web::write_query(event, web::parse_query(request.raw_query, web::query_text::decoded));
  write_context_1_0(event, request, context, path);
  web::write_parameters(event, "pathParameters", context.path_parameters, web::parameter_text::decoded);
  web::write_parameters(event, "stageVariables", web::stage_variables_of(context), web::parameter_text::as_sent);
  if (request.body.empty()) {
    event.null("body");
  } else {
    event.body("body", request.body, base64);
  }
  event.boolean("isBase64Encoded", base64);
  event.end_object();
  return event.take();
}

}  // namespace

payload to_event(const web::web_request& request, const web::web_context& context, payload_version version) {
  return version == payload_version::v2 ? event_2_0(request, context) : event_1_0(request, context);
}

}  // namespace kelvin::frontdoor::http_api
