#include "emulator/frontdoor/function_url/to_event.hpp"

#include "emulator/web/event_headers.hpp"
#include "emulator/web/event_time.hpp"
#include "emulator/web/event_writer.hpp"
#include "emulator/web/media_type.hpp"
#include "emulator/web/query.hpp"

#include <string_view>

namespace kelvin::frontdoor::function_url {
namespace {

using web::event_writer;

// More than nearly every event has beside its body.
constexpr std::size_t event_bytes = 4096;
constexpr std::string_view only_route = "$default";

void write_context(event_writer& event, const web::web_request& request, const web::web_context& context) {
  const bool is_signed = context.authorized != nullptr && context.authorized->kind == authorizer_kind::iam;
  event.begin_object("requestContext");
  event.string("accountId", is_signed ? std::string_view(context.account_id) : "anonymous");
  event.string("apiId", context.api_id);
  if (is_signed) {
    event.begin_object("authorizer");
    event.json("iam", context.authorized->document);
    event.end_object();
  }
  event.string("domainName", request.domain_name);
  event.string("domainPrefix", web::domain_prefix(request, context));
  event.begin_object("http");
  event.string("method", request.method);
  event.string("path", request.raw_path);
  event.string("protocol", web::protocol_of(request));
  event.string("sourceIp", request.source_ip);
  event.string("userAgent", field_or_empty(request, "User-Agent"));
  event.end_object();
  event.string("requestId", context.request_id);
  event.string("routeKey", only_route);
  event.string("stage", only_route);
  event.string("time", web::event_time(request.received));
  event.number("timeEpoch", web::epoch_ms(request.received));
  event.end_object();
}

}  // namespace

payload to_event(const web::web_request& request, const web::web_context& context) {
  const bool base64 =
      !request.body.empty() && !web::is_text_like(web::media_type_of(field_or_empty(request, "Content-Type")));
  event_writer event(event_bytes + request.body.size() * 4 / 3);
  event.begin_object();
  event.string("version", "2.0");
  event.string("routeKey", only_route);
  // As recorded: nothing is decoded, so that an escape that is none comes through as well.
  event.string("rawPath", request.raw_path);
  event.string("rawQueryString", request.raw_query);
  if (const auto cookies = web::cookies_of(request); !cookies.empty()) {
    event.begin_array("cookies");
    for (const std::string_view cookie : cookies) {
      event.element(cookie);
    }
    event.end_array();
  }
  event.joined_values("headers", web::event_headers(request, {}));
  if (const auto query = web::parse_query(request.raw_query, web::query_text::decoded); !query.empty()) {
    event.joined_values("queryStringParameters", query);
  }
  write_context(event, request, context);
  if (!request.body.empty()) {
    event.body("body", request.body, base64);
  }
  event.boolean("isBase64Encoded", base64);
  event.end_object();
  return event.take();
}

}  // namespace kelvin::frontdoor::function_url
