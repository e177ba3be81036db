#include "emulator/frontdoor/authorizer/authorizer_event.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>

namespace kelvin::frontdoor {
namespace {

std::string json_text(std::string_view text) {
  return print_json(nlohmann::json(text));
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values)
    text.append(&value == &values.front() ? "" : ",").append(value);
  return text;
}

std::string listed(const std::vector<std::string>& values) {
  return print_json(nlohmann::json(values));
}

/// Without braces.
std::string request_members(api_kind api, payload_version version, std::string_view arn,
                            const std::vector<std::string>& identity) {
  if (api == api_kind::rest)
    return R"("type":"REQUEST","methodArn":)" + json_text(arn);
  if (version == payload_version::v2)
    return R"("type":"REQUEST","routeArn":)" + json_text(arn) + R"(,"identitySource":)" + listed(identity);
  const std::string values = json_text(joined(identity));
  return R"("type":"REQUEST","methodArn":)" + json_text(arn) + R"(,"identitySource":)" + values +
         R"(,"authorizationToken":)" + values;
}

}  // namespace

std::string method_arn(const web::web_request& request, const web::web_context& context) {
  std::string_view path = context.stage_path;
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  return "arn:aws:execute-api:" + context.region + ":" + context.account_id + ":" + context.api_id + "/" +
         context.stage + "/" + std::string(request.method) + "/" + std::string(path);
}

payload to_authorizer_event(const authorizer_configuration& authorizer, api_kind api, std::string_view arn,
                            const std::vector<std::string>& identity, std::string_view event) {
  if (authorizer.kind == authorizer_kind::lambda_token)
    return payload(R"({"type":"TOKEN","authorizationToken":)" + json_text(joined(identity)) + R"(,"methodArn":)" +
                   json_text(arn) + "}");
  const std::size_t brace = event.find('{') + 1;
  payload spliced;
  spliced.append(event.substr(0, brace));
  spliced.append(request_members(api, authorizer.payload, arn, identity));
  spliced.append(",");
  spliced.append(event.substr(brace));
  return spliced;
}

}  // namespace kelvin::frontdoor
