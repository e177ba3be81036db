#include "emulator/gateway/implied_api.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin {
namespace {

constexpr std::array<std::pair<std::string_view, api_choice>, 7> choices = {{
    {"http", api_choice::http},
    {"http-1.0", api_choice::http_1_0},
    {"rest", api_choice::rest},
    {"alb", api_choice::alb},
    {"alb-multi", api_choice::alb_multi},
    {"url", api_choice::url},
    {"url-stream", api_choice::url_stream},
}};

api_route route_to(const std::string& function_name, std::string path) {
  api_route route;
  route.method = "ANY";
  route.path = std::move(path);
  route.function_name = function_name;
  return route;
}

api_configuration with_catch_all(api_kind kind, const std::string& function_name) {
  api_configuration api;
  api.id = function_name;
  api.kind = kind;
  api.stages.push_back({"$default", {}});
  api.routes.push_back(route_to(function_name, "$default"));
  return api;
}

}  // namespace

std::optional<api_choice> find_api_choice(std::string_view name) noexcept {
  const auto* found =
      std::find_if(choices.begin(), choices.end(), [&](const auto& each) { return each.first == name; });
  return found == choices.end() ? std::nullopt : std::optional(found->second);
}

std::string_view name_of(api_choice choice) noexcept {
  return choices[static_cast<std::size_t>(choice)].first;
}

api_configuration implied_api(api_choice choice, const std::string& function_name) {
  switch (choice) {
    case api_choice::http: break;
    case api_choice::http_1_0: {
      api_configuration api = with_catch_all(api_kind::http, function_name);
      api.routes.front().payload = payload_version::v1;
      return api;
    }
    case api_choice::rest: {
      api_configuration api = with_catch_all(api_kind::rest, function_name);
      // The stage that SAM gives a REST API nobody named one for; REST APIs have no `$default`.
      api.stages.front().name = "Prod";
      api.routes.front().path = "/";
      api.routes.push_back(route_to(function_name, "/{proxy+}"));
      return api;
    }
    case api_choice::alb: return with_catch_all(api_kind::alb, function_name);
    case api_choice::alb_multi: {
      api_configuration api = with_catch_all(api_kind::alb, function_name);
      api.multi_value_headers = true;
      return api;
    }
    case api_choice::url: return implied_function_url(function_name, false);
    case api_choice::url_stream: return implied_function_url(function_name, true);
  }
  return with_catch_all(api_kind::http, function_name);
}

api_configuration implied_function_url(const std::string& function_name, bool streams) {
  api_configuration api = with_catch_all(api_kind::function_url, function_name);
  api.routes.front().streams = streams;
  return api;
}

}  // namespace kelvin
