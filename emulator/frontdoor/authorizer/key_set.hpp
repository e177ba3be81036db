#pragma once

#include "emulator/frontdoor/authorizer/rsa_signature.hpp"
#include "runtime-api/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor {

/// An RSA key of a JSON Web Key Set (RFC 7517) that may sign tokens.
struct signing_key {
  std::string id;                 ///< `kid`
  std::optional<hash_kind> hash;  ///< of `alg`; nullopt: any
  rsa_public_key key;
};

/// The keys of a set that tokens may be signed with: RSA, with a `kid`, not for encryption, usable; others are passed
/// over. Errors: malformed_message (no such document), limit_reached (over 1 MiB or 100 keys).
result<std::vector<signing_key>> parse_key_set(std::string_view text);

/// `jwks_uri` of an OpenID provider's configuration. Errors: malformed_message (no such document, or not an http or
/// https URL), limit_reached.
result<std::string> parse_discovery(std::string_view text);

/// Where an issuer's configuration is (OpenID Connect Discovery, section 4.1).
std::string discovery_url(std::string_view issuer);

}  // namespace kelvin::frontdoor
