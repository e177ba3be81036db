#include "emulator/frontdoor/authorizer/rsa_signature.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"
#include "tests/unit/authorizer/signed_tokens.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

namespace fixture = test::signed_tokens;

std::string bytes(std::string_view base64url) {
  auto decoded = base64url_decode(base64url);
  REQUIRE(decoded.has_value());
  return *decoded;
}

hash_kind hash_named(std::string_view name) {
  return name == "sha256" ? hash_kind::sha256 : name == "sha384" ? hash_kind::sha384 : hash_kind::sha512;
}

rsa_public_key first_key() {
  return {bytes(fixture::first_modulus), bytes("AQAB")};
}

TEST_CASE("rsa: signatures made by openssl are good, for their message and digest alone") {
  for (const auto& [modulus, exponent, digest, signature] : fixture::good_signatures) {
    CAPTURE(digest);
    const rsa_public_key key{bytes(modulus), bytes(exponent)};
    for (const hash_kind hash : {hash_kind::sha256, hash_kind::sha384, hash_kind::sha512}) {
      CHECK(verify_rsa_signature(key, hash, fixture::message, bytes(signature)) == (hash == hash_named(digest)));
    }
    CHECK_FALSE(verify_rsa_signature(key, hash_named(digest), "another message", bytes(signature)));
    CHECK_FALSE(verify_rsa_signature(key, hash_named(digest), "", bytes(signature)));
  }
}

TEST_CASE("rsa: signatures of any other form are refused") {
  for (const auto& [what, signature] : fixture::bad_signatures) {
    CAPTURE(what);
    CHECK_FALSE(verify_rsa_signature(first_key(), hash_kind::sha256, fixture::message, bytes(signature)));
  }
  // The same number once more round the modulus.
  CHECK_FALSE(verify_rsa_signature(first_key(), hash_kind::sha256, fixture::wrapped_message,
                                   bytes(fixture::wrapped_signature)));
}

TEST_CASE("rsa: every changed bit of a signature is noticed") {
  const std::string good = bytes(fixture::good_signatures[0][3]);
  REQUIRE(verify_rsa_signature(first_key(), hash_kind::sha256, fixture::message, good));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string changed = good;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(verify_rsa_signature(first_key(), hash_kind::sha256, fixture::message, changed));
  }
}

TEST_CASE("rsa: leading zeros of a key do not matter") {
  const rsa_public_key key{std::string(3, '\0') + bytes(fixture::first_modulus), std::string(9, '\0') + bytes("AQAB")};
  CHECK(verify_rsa_signature(key, hash_kind::sha256, fixture::message, bytes(fixture::good_signatures[0][3])));
}

TEST_CASE("rsa: keys that are too short, too long or even are not used") {
  CHECK(is_usable(first_key()));
  const rsa_public_key small{bytes(fixture::small_modulus), bytes("AQAB")};
  CHECK_FALSE(is_usable(small));
  CHECK_FALSE(verify_rsa_signature(small, hash_kind::sha256, fixture::message, bytes(fixture::small_signature)));

  const auto with_modulus = [](std::string modulus) { return is_usable({std::move(modulus), std::string("\x03")}); };
  CHECK_FALSE(with_modulus(""));
  CHECK_FALSE(with_modulus(std::string(256, '\0')));
  CHECK_FALSE(with_modulus(std::string(255, '\xff')));
  CHECK_FALSE(with_modulus("\x7f" + std::string(255, '\xff')));
  CHECK(with_modulus("\x80" + std::string(255, '\xff')));
  CHECK_FALSE(with_modulus(std::string(255, '\xff') + "\xfe"));
  CHECK(with_modulus(std::string(1024, '\xff')));
  CHECK_FALSE(with_modulus(std::string(1025, '\xff')));

  const auto with_exponent = [](std::string exponent) {
    return is_usable({bytes(fixture::first_modulus), std::move(exponent)});
  };
  CHECK_FALSE(with_exponent(""));
  CHECK_FALSE(with_exponent(std::string(1, '\0')));
  CHECK_FALSE(with_exponent("\x01"));
  CHECK_FALSE(with_exponent("\x02"));
  CHECK(with_exponent("\x03"));
  CHECK(with_exponent("\x01" + std::string(1, '\0') + "\x01"));
  CHECK_FALSE(with_exponent("\x01" + std::string(1, '\0') + "\x02"));
  CHECK(with_exponent(std::string(8, '\xff')));
  CHECK_FALSE(with_exponent(std::string(9, '\xff')));
}

}  // namespace
}  // namespace kelvin::frontdoor
