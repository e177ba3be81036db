#pragma once

#include <string>
#include <string_view>

/// What decides whether a caller may use a route (contract: http-front-doors, 2.6 and 3).
namespace kelvin::frontdoor {

/// Of the algorithms RS256, RS384 and RS512.
enum class hash_kind { sha256, sha384, sha512 };

/// Both numbers big-endian, as in a JWK after decoding.
struct rsa_public_key {
  std::string modulus;
  std::string exponent;
};

/// Whether a key may be used at all: 2,048 to 8,192 bits, odd modulus, odd exponent of 3 to 2^64.
bool is_usable(const rsa_public_key& key);

/// RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2): whether `signature` is the key's for `message`. The whole encoded
/// message is compared, so nothing can hide in the padding. False also for a key that is not usable.
bool verify_rsa_signature(const rsa_public_key& key, hash_kind hash, std::string_view message,
                          std::string_view signature);

}  // namespace kelvin::frontdoor
