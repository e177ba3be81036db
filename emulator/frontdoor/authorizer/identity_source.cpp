#include "emulator/frontdoor/authorizer/identity_source.hpp"

#include "emulator/web/percent_encoding.hpp"
#include "runtime-api/http/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace kelvin::frontdoor {
namespace {

/// Takes the next value of a name that may be repeated.
class collected_value {
 public:
  explicit collected_value(const web::web_context& context) : joins_(context.api->kind == api_kind::http) {}

  void add(std::string_view value) {
    if (joins_ && value_)
      value_->append(",").append(value);
    else
      value_ = std::string(value);
  }
  std::optional<std::string> take() { return std::move(value_); }

 private:
  bool joins_;
  std::optional<std::string> value_;
};

std::string decoded(std::string_view part) {
  return web::percent_decoded(part, web::plus_sign::space);
}

std::optional<std::string> header_value(std::string_view name, const web::web_request& request,
                                        const web::web_context& context) {
  collected_value value(context);
  for (std::size_t index = 0; index < request.fields->size(); ++index) {
    const http::field field = request.fields->at(index);
    if (http::equal_ignoring_case(field.name, name))
      value.add(field.value);
  }
  return value.take();
}

std::optional<std::string> query_value(std::string_view name, const web::web_request& request,
                                       const web::web_context& context) {
  collected_value value(context);
  for (std::string_view rest = request.raw_query; !rest.empty();) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (decoded(pair.substr(0, equals)) == name)
      value.add(equals == std::string_view::npos ? std::string() : decoded(pair.substr(equals + 1)));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return value.take();
}

std::string route_key(const web::web_context& context) {
  return context.resource == "$default" ? context.resource : context.method + " " + context.resource;
}

/// By the names of API Gateway's `$context` variables, HTTP APIs' and REST APIs'.
std::optional<std::string> context_value(std::string_view name, const web::web_request& request,
                                         const web::web_context& context) {
  const std::array<std::pair<std::string_view, std::string>, 17> values = {{
      {"accountId", context.account_id},
      {"apiId", context.api_id},
      {"domainName", request.domain_name},
      {"domainPrefix", request.domain_name.substr(0, request.domain_name.find('.'))},
      {"extendedRequestId", context.extended_request_id},
      {"http.method", std::string(request.method)},
      {"httpMethod", std::string(request.method)},
      {"http.sourceIp", request.source_ip},
      {"identity.sourceIp", request.source_ip},
      {"http.userAgent", std::string(request.fields->find("user-agent").value_or(""))},
      {"identity.userAgent", std::string(request.fields->find("user-agent").value_or(""))},
      {"path", std::string(request.raw_path)},
      {"http.path", std::string(request.raw_path)},
      {"protocol", request.http_1_0 ? "HTTP/1.0" : "HTTP/1.1"},
      {"requestId", context.request_id},
      {"resourcePath", context.resource},
      {"stage", context.stage},
  }};
  if (name == "routeKey")
    return route_key(context);
  const auto found = std::find_if(values.begin(), values.end(), [&](const auto& each) { return each.first == name; });
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> stage_variable(std::string_view name, const web::web_context& context) {
  if (context.stage_variables == nullptr)
    return std::nullopt;
  const auto found = std::find_if(context.stage_variables->begin(), context.stage_variables->end(),
                                  [&](const name_value& each) { return each.name == name; });
  return found == context.stage_variables->end() ? std::nullopt : std::optional(found->value);
}

/// What stands behind the prefix; empty where it does not.
std::string_view behind(std::string_view source, std::string_view prefix) noexcept {
  return source.starts_with(prefix) ? source.substr(prefix.size()) : std::string_view();
}

}  // namespace

std::optional<std::string> identity_value(std::string_view source, const web::web_request& request,
                                          const web::web_context& context) {
  std::optional<std::string> value;
  if (const auto header = behind(source, "$request.header."); !header.empty())
    value = header_value(header, request, context);
  else if (const auto parameter = behind(source, "$request.querystring."); !parameter.empty())
    value = query_value(parameter, request, context);
  else if (const auto variable = behind(source, "$context."); !variable.empty())
    value = context_value(variable, request, context);
  else if (const auto stage = behind(source, "$stageVariables."); !stage.empty())
    value = stage_variable(stage, context);
  return value && !value->empty() ? value : std::nullopt;
}

std::optional<std::vector<std::string>> identity_values(const std::vector<std::string>& sources,
                                                        const web::web_request& request,
                                                        const web::web_context& context) {
  std::vector<std::string> values;
  for (const std::string& source : sources) {
    auto value = identity_value(source, request, context);
    if (!value)
      return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace kelvin::frontdoor
