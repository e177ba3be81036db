#include "emulator/frontdoor/authorizer/authorizer_event.hpp"

#include "tests/unit/authorizer/web_call.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace kelvin::frontdoor {
namespace {

constexpr std::string_view arn = "arn:aws:execute-api:us-east-1:1:api/prod/GET/pets";

std::string event(authorizer_kind kind, payload_version version, api_kind api, const std::vector<std::string>& identity,
                  std::string_view base) {
  authorizer_configuration authorizer;
  authorizer.kind = kind;
  authorizer.payload = version;
  const payload made = to_authorizer_event(authorizer, api, arn, identity, base);
  CHECK(nlohmann::json::accept(made.view()));
  return std::string(made.view());
}

TEST_CASE("authorizer event: payload 2.0 has routeArn and a list of identities") {
  CHECK(event(authorizer_kind::lambda_request, payload_version::v2, api_kind::http, {"a", "b\"\n"},
              R"({"version":"2.0","routeKey":"x"})") ==
        R"({"type":"REQUEST","routeArn":"arn:aws:execute-api:us-east-1:1:api/prod/GET/pets",)"
        R"("identitySource":["a","b\"\n"],"version":"2.0","routeKey":"x"})");
}

TEST_CASE("authorizer event: payload 1.0 has methodArn and joined identities") {
  CHECK(
      event(authorizer_kind::lambda_request, payload_version::v1, api_kind::http, {"a", "b"}, R"({"version":"1.0"})") ==
      R"({"type":"REQUEST","methodArn":"arn:aws:execute-api:us-east-1:1:api/prod/GET/pets",)"
      R"("identitySource":"a,b","authorizationToken":"a,b","version":"1.0"})");
}

TEST_CASE("authorizer event: a REST API's has type and methodArn alone") {
  CHECK(event(authorizer_kind::lambda_request, payload_version::v1, api_kind::rest, {"a"}, R"( {"resource":"/"})") ==
        R"( {"type":"REQUEST","methodArn":"arn:aws:execute-api:us-east-1:1:api/prod/GET/pets","resource":"/"})");
}

TEST_CASE("authorizer event: a token's has nothing of the request but the token") {
  CHECK(event(authorizer_kind::lambda_token, payload_version::v1, api_kind::rest, {"Bearer \xff"}, "") ==
        "{\"type\":\"TOKEN\",\"authorizationToken\":\"Bearer \ufffd\","
        R"("methodArn":"arn:aws:execute-api:us-east-1:1:api/prod/GET/pets"})");
}

TEST_CASE("authorizer event: the ARN is of the request, not of its route") {
  test::web_call call;
  call.context.method = "ANY";
  CHECK(method_arn(call.request, call.context) == "arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets/7");
  call.context.stage = "$default";
  call.context.stage_path = "/";
  CHECK(method_arn(call.request, call.context) == "arn:aws:execute-api:us-east-1:123456789012:abc123/$default/GET/");
  call.context.stage_path = "/a%20b//c/";
  call.request.method = "POST";
  CHECK(method_arn(call.request, call.context) ==
        "arn:aws:execute-api:us-east-1:123456789012:abc123/$default/POST/a%20b//c/");
}

}  // namespace
}  // namespace kelvin::frontdoor
