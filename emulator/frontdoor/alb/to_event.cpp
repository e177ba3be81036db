#include "emulator/frontdoor/alb/to_event.hpp"

#include "emulator/web/event_headers.hpp"
#include "emulator/web/event_writer.hpp"
#include "emulator/web/ids.hpp"
#include "emulator/web/media_type.hpp"
#include "emulator/web/query.hpp"

#include <string>

namespace kelvin::frontdoor::alb {
namespace {

// More than nearly every event has beside its body.
constexpr std::size_t event_bytes = 4096;
constexpr std::size_t target_group_id_length = 12;

bool is_base64(const web::web_request& request) {
  return !request.body.empty() && (request.fields->find("Content-Encoding") ||
                                   !web::is_plain_text(web::media_type_of(field_or_empty(request, "Content-Type"))));
}

std::string target_group_arn(const web::web_context& context) {
  return "arn:aws:elasticloadbalancing:" + context.region + ":" + context.account_id + ":targetgroup/" +
         context.api_id + "/" + web::stable_id(context.api_id, target_group_id_length);
}

}  // namespace

payload to_event(const web::web_request& request, const web::web_context& context) {
  const bool base64 = is_base64(request);
  const web::multi_value_map headers = web::event_headers(request, {});
  const web::multi_value_map query = web::parse_query(request.raw_query, web::query_text::as_sent);
  web::event_writer event(event_bytes + request.body.size() * 4 / 3);
  event.begin_object();
  event.begin_object("requestContext");
  event.begin_object("elb");
  event.string("targetGroupArn", target_group_arn(context));
  event.end_object();
  event.end_object();
  event.string("httpMethod", request.method);
  event.string("path", request.raw_path);
  if (context.api->multi_value_headers) {
    event.all_values("multiValueQueryStringParameters", query);
    event.all_values("multiValueHeaders", headers);
  } else {
    event.last_values("queryStringParameters", query);
    event.last_values("headers", headers);
  }
  event.body("body", request.body, base64);
  event.boolean("isBase64Encoded", base64);
  event.end_object();
  return event.take();
}

}  // namespace kelvin::frontdoor::alb
