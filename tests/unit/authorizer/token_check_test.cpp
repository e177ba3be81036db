#include "emulator/frontdoor/authorizer/token_check.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace kelvin::frontdoor {
namespace {

constexpr wall_time now{std::chrono::seconds(1'000'000)};

authorizer_configuration wanted() {
  authorizer_configuration authorizer;
  authorizer.issuer = "https://issuer.example";
  authorizer.audiences = {"one", "two"};
  return authorizer;
}

json_web_token good_token() {
  json_web_token token;
  token.issuer = "https://issuer.example";
  token.audiences = {"zero", "two"};
  token.expires = 1'000'001;
  return token;
}

std::string problem(const json_web_token& token) {
  return claims_problem(token, wanted(), now).value_or("none");
}

TEST_CASE("token check: issuer, to the letter") {
  json_web_token token = good_token();
  CHECK(problem(token) == "none");
  for (const char* other : {"", "https://issuer.example/", "https://Issuer.example", "https://issuer.exampl"}) {
    token.issuer = other;
    CHECK(problem(token) == "the token does not have a valid issuer");
  }
  token.issuer.clear();
  authorizer_configuration nobody = wanted();
  nobody.issuer.clear();
  CHECK(claims_problem(token, nobody, now) == "the token does not have a valid issuer");
}

TEST_CASE("token check: one of the audiences, and the client id only where there is none") {
  const std::string refused = "the token does not have a valid audience";
  json_web_token token = good_token();
  token.audiences = {"one"};
  CHECK(problem(token) == "none");
  token.audiences = {"One", "three"};
  CHECK(problem(token) == refused);
  token.client_id = "one";
  CHECK(problem(token) == refused);
  token.audiences = std::vector<std::string>();
  CHECK(problem(token) == refused);
  token.audiences.reset();
  CHECK(problem(token) == "none");
  token.client_id = "three";
  CHECK(problem(token) == refused);
  token.client_id.clear();
  CHECK(problem(token) == refused);
  authorizer_configuration open = wanted();
  open.audiences = {""};
  CHECK(claims_problem(token, open, now) == refused);
  open.audiences.clear();
  CHECK(claims_problem(good_token(), open, now) == refused);
}

TEST_CASE("token check: times, to the second") {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  json_web_token token = good_token();
  token.expires = 1'000'000;
  CHECK(problem(token) == "the token has expired");
  token.expires = nothing;
  CHECK(problem(token) == "the token has expired");
  token.expires.reset();
  CHECK(problem(token) == "the token does not have an expiry");
  token = good_token();
  token.expires = 1e300;
  token.not_before = 1'000'000;
  token.issued = 1'000'000;
  CHECK(problem(token) == "none");
  token.not_before = 1'000'001;
  CHECK(problem(token) == "the token is not valid yet");
  token.not_before = nothing;
  CHECK(problem(token) == "the token is not valid yet");
  token.not_before.reset();
  token.issued = 1'000'001;
  CHECK(problem(token) == "the token was issued in the future");
}

TEST_CASE("token check: scopes of the route that the token has") {
  json_web_token token = good_token();
  token.scopes = {"c", "a", "x"};
  CHECK(granted_scopes(token, {"a", "b", "c"}) == std::vector<std::string>{"a", "c"});
  CHECK(granted_scopes(token, {"b", "A"}).empty());
  CHECK(granted_scopes(token, {}).empty());
}

TEST_CASE("token check: www-authenticate as API Gateway words it") {
  CHECK(challenge_of_invalid_token({}, "the token does not have a valid audience") ==
        R"(Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience")");
  CHECK(challenge_of_insufficient_scope({"a", "b"}) ==
        R"(Bearer scope="a b" error="insufficient_scope" error_description="the token does not have a valid scope")");
  CHECK(challenge_without_token() == "Bearer");
}

}  // namespace
}  // namespace kelvin::frontdoor
