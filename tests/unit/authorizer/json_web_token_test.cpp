#include "emulator/frontdoor/authorizer/json_web_token.hpp"

#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/limits.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/unit/authorizer/signed_tokens.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace kelvin::frontdoor {
namespace {

using test::failure_text;

std::string base64url(std::string_view bytes) {
  std::string text = base64_encode(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

std::string token_text(std::string_view header, std::string_view claims) {
  return base64url(header) + "." + base64url(claims) + ".c2ln";
}

json_web_token with_claims(std::string_view claims) {
  auto token = parse_token(token_text(R"({"alg":"RS256","kid":"k"})", claims));
  REQUIRE(test::succeeds(token));
  return *token;
}

TEST_CASE("token: taken apart") {
  const std::string_view text = test::signed_tokens::token;
  const auto token = parse_token(text);
  REQUIRE(test::succeeds(token));
  CHECK(token->hash == hash_kind::sha256);
  CHECK(token->key_id == "first");
  CHECK(token->signed_text + "." == text.substr(0, text.rfind('.') + 1));
  CHECK(token->signature.size() == 256);
  CHECK(token->issuer == "https://issuer.example");
  CHECK(token->audiences == std::vector<std::string>{"api"});
  CHECK(token->client_id.empty());
  CHECK(token->issued == 1735689600);
  CHECK(token->expires == 1735689600 + 3600);
  CHECK_FALSE(token->not_before.has_value());
  CHECK(token->scopes == std::vector<std::string>{"pets/read", "pets/write"});
  CHECK(parse_token(test::signed_tokens::token_rs512)->hash == hash_kind::sha512);
}

TEST_CASE("token: with or without Bearer") {
  CHECK(token_of("a.b.c") == "a.b.c");
  CHECK(token_of("Bearer a.b.c") == "a.b.c");
  CHECK(token_of("bearer   a.b.c") == "a.b.c");
  CHECK(token_of("BEARER a.b.c") == "a.b.c");
  CHECK(token_of("Basic a.b.c") == "Basic a.b.c");
  CHECK(token_of("Bearer ") == "");
  CHECK(token_of("Bearer") == "Bearer");
  CHECK(token_of("") == "");
}

TEST_CASE("token: claims are strings as API Gateway shows them") {
  CHECK(with_claims(R"({"s":"x","n":1735689600,"f":1.5,"b":true,"z":null,"a":["admin","poweruser"],"one":["a"],
                        "none":[],"mixed":[1,"b",true,["c"]],"o":{"k":[1]},"u":"\u00e9\""})")
            .claims == R"({"a":"[admin poweruser]","b":"true","f":"1.5","mixed":"[1 b true [\"c\"]]","n":"1735689600",)"
                       R"("none":"[]","o":"{\"k\":[1]}","one":"[a]","s":"x","u":"é\""})");
}

TEST_CASE("token: audiences and scopes as a string or as a list") {
  CHECK(with_claims(R"({"aud":["a","b"]})").audiences == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(with_claims(R"({"client_id":"c"})").audiences.has_value());
  CHECK(with_claims(R"({"client_id":"c"})").client_id == "c");
  CHECK(with_claims(R"({"scope":" a  b "})").scopes == std::vector<std::string>{"a", "b"});
  CHECK(with_claims(R"({"scp":["a","b c"]})").scopes == std::vector<std::string>{"a", "b", "c"});
  CHECK(with_claims(R"({"scope":"a","scp":"b"})").scopes == std::vector<std::string>{"a", "b"});
  CHECK(with_claims(R"({"scope":5,"scp":[1]})").scopes.empty());
}

TEST_CASE("token: every algorithm but three is refused") {
  for (const char* algorithm : {"RS256", "RS384", "RS512"}) {
    CHECK(parse_token(token_text(R"({"alg":")" + std::string(algorithm) + R"("})", "{}")).has_value());
  }
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS256"})", R"({"alg":"ES256"})", R"({"alg":"PS256"})",
        R"({"alg":"EdDSA"})", R"({"alg":"rs256"})", R"({"alg":"RS256 "})", R"({"alg":""})", R"({"alg":["RS256"]})",
        R"({"alg":null})", "{}", R"({"alg":"RS256","crit":["exp"],"exp":1})"}) {
    CAPTURE(header);
    failure_text(parse_token(token_text(header, "{}")), errc::unsupported);
  }
}

TEST_CASE("token: what is no token is refused") {
  const std::string header = base64url(R"({"alg":"RS256"})");
  for (const std::string& text :
       {std::string(),
        std::string("a"),
        std::string("a.b"),
        std::string("a.b.c.d"),
        std::string("..."),
        std::string(".."),
        header + ".e30",
        header + ".e30.c2ln.e30",
        header + "=.e30.c2ln",
        header + ".e30=.c2ln",
        header + ".e30.c2l+",
        header + ".e30.c2ln\n",
        header + ".e30.c",
        header + ". e30.c2ln",
        token_text(R"(["RS256"])", "{}"),
        token_text(R"({"alg":"RS256"})", "[]"),
        token_text(R"({"alg":"RS256"})", ""),
        token_text(R"({"alg":"RS256"})", "{}{}"),
        token_text(R"({"alg":"RS256"})", "{\"a\":\"\xff\"}"),
        token_text(R"({"alg":"RS256","alg":"RS256"})", "{}"),
        token_text(R"({"alg":"RS256"})", R"({"a":1,"a":2})"),
        token_text(R"({"alg":"RS256"})", R"({"o":{"a":1,"b":{},"a":2}})"),
        token_text(R"({"alg":"RS256"})", R"({"exp":"1"})"),
        token_text(R"({"alg":"RS256"})", R"({"nbf":[]})"),
        token_text(R"({"alg":"RS256"})", R"({"iat":null})"),
        token_text(R"({"alg":"RS256"})", R"({"aud":5})"),
        token_text(R"({"alg":"RS256"})", R"({"aud":["a",5]})"),
        token_text(R"({"alg":"RS256"})", R"({"a":)" + std::string(32, '[') + std::string(32, ']') + "}")}) {
    CAPTURE(text);
    failure_text(parse_token(text), errc::malformed_message);
  }
  CHECK(parse_token(token_text(R"({"alg":"RS256"})", R"({"a":{"x":1},"b":{"x":1}})")).has_value());
  CHECK(parse_token(token_text(R"({"alg":"RS256"})", R"({"a":)" + std::string(31, '[') + std::string(31, ']') + "}"))
            .has_value());
}

TEST_CASE("token: at most 10 KiB") {
  std::string text = token_text(R"({"alg":"RS256"})", "{}");
  text.append((limits::token_bytes - text.size()) / 4 * 4, 'A');
  CHECK(parse_token(text).has_value());
  failure_text(parse_token(text + std::string(limits::token_bytes + 1 - text.size(), 'A')), errc::limit_reached);
}

}  // namespace
}  // namespace kelvin::frontdoor
