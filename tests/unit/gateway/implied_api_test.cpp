#include "emulator/gateway/implied_api.hpp"

#include <doctest/doctest.h>

#include <array>

namespace kelvin {
namespace {

TEST_CASE("implied API: every choice has its name") {
  constexpr std::array<std::string_view, 7> names = {"http",      "http-1.0", "rest",      "alb",
                                                     "alb-multi", "url",      "url-stream"};
  for (const std::string_view name : names) {
    const auto choice = find_api_choice(name);
    REQUIRE(choice.has_value());
    CHECK(name_of(*choice) == name);
  }
  CHECK_FALSE(find_api_choice("HTTP").has_value());
  CHECK_FALSE(find_api_choice("").has_value());
}

TEST_CASE("implied API: an HTTP API's $default route, in both payload versions") {
  const api_configuration api = implied_api(api_choice::http, "f");
  CHECK(api.id == "f");
  CHECK(api.kind == api_kind::http);
  REQUIRE(api.stages.size() == 1);
  CHECK(api.stages[0].name == "$default");
  REQUIRE(api.routes.size() == 1);
  CHECK(api.routes[0].method == "ANY");
  CHECK(api.routes[0].path == "$default");
  CHECK(api.routes[0].function_name == "f");
  CHECK(api.routes[0].payload == payload_version::v2);
  CHECK(implied_api(api_choice::http_1_0, "f").routes[0].payload == payload_version::v1);
}

TEST_CASE("implied API: a REST API takes its root and all below it, at a stage") {
  const api_configuration api = implied_api(api_choice::rest, "f");
  CHECK(api.kind == api_kind::rest);
  CHECK(api.stages[0].name == "Prod");
  REQUIRE(api.routes.size() == 2);
  CHECK(api.routes[0].path == "/");
  CHECK(api.routes[1].path == "/{proxy+}");
}

TEST_CASE("implied API: load balancers and function URLs in both their modes") {
  CHECK(implied_api(api_choice::alb, "f").kind == api_kind::alb);
  CHECK_FALSE(implied_api(api_choice::alb, "f").multi_value_headers);
  CHECK(implied_api(api_choice::alb_multi, "f").multi_value_headers);
  CHECK(implied_api(api_choice::url, "f").kind == api_kind::function_url);
  CHECK_FALSE(implied_api(api_choice::url, "f").routes[0].streams);
  CHECK(implied_api(api_choice::url_stream, "f").routes[0].streams);
}

}  // namespace
}  // namespace kelvin
