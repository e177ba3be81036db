#include "emulator/frontdoor/authorizer/key_set.hpp"

#include "runtime-api/base/limits.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/unit/authorizer/signed_tokens.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

using test::failure_text;

std::string key_text(std::string_view members) {
  return R"({"kty":"RSA","kid":"k","n":")" + std::string(test::signed_tokens::first_modulus) + R"(","e":"AQAB")" +
         std::string(members) + "}";
}

std::string set_of(const std::string& keys) {
  return R"({"keys":[)" + keys + "]}";
}

TEST_CASE("key set: RSA keys with a kid that may sign") {
  const auto keys = parse_key_set(set_of(key_text("") + "," + key_text(R"(,"use":"sig","alg":"RS384","x5c":["a"])")));
  REQUIRE(test::succeeds(keys));
  REQUIRE(keys->size() == 2);
  CHECK((*keys)[0].id == "k");
  CHECK_FALSE((*keys)[0].hash.has_value());
  CHECK((*keys)[0].key.modulus.size() == 256);
  CHECK((*keys)[0].key.exponent == std::string("\x01\0\x01", 3));
  CHECK((*keys)[1].hash == hash_kind::sha384);
}

TEST_CASE("key set: other keys are passed over") {
  const std::string modulus(test::signed_tokens::first_modulus);
  for (const std::string& other :
       {key_text(R"(,"use":"enc")"), key_text(R"(,"alg":"PS256")"), key_text(R"(,"alg":"RSA-OAEP")"),
        std::string(R"({"kty":"EC","kid":"k","crv":"P-256","x":"AA","y":"AA"})"),
        R"({"kty":"RSA","n":")" + modulus + R"(","e":"AQAB"})",
        R"({"kty":"RSA","kid":"","n":")" + modulus + R"(","e":"AQAB"})",
        R"({"kty":"RSA","kid":5,"n":")" + modulus + R"(","e":"AQAB"})",
        R"({"kty":"RSA","kid":"k","n":")" + modulus + "\"}",
        R"({"kty":"RSA","kid":"k","n":")" + modulus + R"(","e":"AQ"})",
        R"({"kty":"RSA","kid":"k","n":")" + modulus + R"(=","e":"AQAB"})",
        R"({"kty":"RSA","kid":"k","n":")" + std::string(test::signed_tokens::small_modulus) + R"(","e":"AQAB"})",
        std::string(R"({"kid":"k"})"), std::string("5"), std::string("null")}) {
    CAPTURE(other);
    const auto keys = parse_key_set(set_of(other + "," + key_text("")));
    REQUIRE(test::succeeds(keys));
    CHECK(keys->size() == 1);
  }
  CHECK(parse_key_set(set_of(""))->empty());
}

TEST_CASE("key set: what is none is refused, and so is too much") {
  for (const std::string_view text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[]} x)", "<html>", R"({"keys":[)"})
    failure_text(parse_key_set(text), errc::malformed_message);
  std::string many = "1";
  for (std::size_t count = 1; count < limits::key_set_keys; ++count)
    many += ",1";
  CHECK(parse_key_set(set_of(many)).has_value());
  failure_text(parse_key_set(set_of(many + ",1")), errc::limit_reached);
  failure_text(parse_key_set(std::string(limits::key_set_bytes + 1, ' ')), errc::limit_reached);
}

TEST_CASE("key set: where it is, by the issuer's configuration") {
  CHECK(discovery_url("https://issuer.example") == "https://issuer.example/.well-known/openid-configuration");
  CHECK(discovery_url("https://issuer.example/a/") == "https://issuer.example/a/.well-known/openid-configuration");
  const auto found = parse_discovery(R"({"issuer":"x","jwks_uri":"https://issuer.example/keys?a=b"})");
  REQUIRE(test::succeeds(found));
  CHECK(*found == "https://issuer.example/keys?a=b");
  CHECK(parse_discovery(R"({"jwks_uri":"http://127.0.0.1:1/keys"})").has_value());
  for (const std::string_view text :
       {"", "{}", "[]", R"({"jwks_uri":5})", R"({"jwks_uri":"/etc/passwd"})", R"({"jwks_uri":"file:///etc/passwd"})",
        R"({"jwks_uri":"-ohttps://x"})", R"({"jwks_uri":"https://x/ y"})", R"({"jwks_uri":"https://x/\n"})",
        R"({"jwks_uri":"https://x/\u0000"})"})
    failure_text(parse_discovery(text), errc::malformed_message);
  failure_text(parse_discovery(std::string(limits::key_set_bytes + 1, ' ')), errc::limit_reached);
}

}  // namespace
}  // namespace kelvin::frontdoor
