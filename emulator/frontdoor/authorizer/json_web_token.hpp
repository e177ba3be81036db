#pragma once

#include "emulator/frontdoor/authorizer/rsa_signature.hpp"
#include "runtime-api/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor {

/// A JSON Web Token taken apart (RFC 7515 and 7519); nothing of it is verified yet.
struct json_web_token {
  hash_kind hash = hash_kind::sha256;
  std::string key_id;         ///< `kid`; empty: none
  std::string signed_text;    ///< header and payload as sent, with the dot between
  std::string signature;      ///< decoded
  std::string claims = "{}";  ///< all claims as strings, as API Gateway shows them: a JSON object

  std::string issuer;
  std::optional<std::vector<std::string>> audiences;  ///< nullopt: no `aud`
  std::string client_id;
  std::optional<double> expires;     ///< `exp`, Unix time in seconds
  std::optional<double> not_before;  ///< `nbf`
  std::optional<double> issued;      ///< `iat`
  std::vector<std::string> scopes;   ///< of `scope` and `scp`
};

/// The token of an Authorization value: without `Bearer `, if that is there, whatever its case.
std::string_view token_of(std::string_view value) noexcept;

/// Errors: malformed_message (not three parts of base64url, or no JSON objects, or a claim of the wrong kind),
/// unsupported (an algorithm other than RS256, RS384 and RS512; `crit`), limit_reached (over 10 KiB). The detail is
/// what goes behind `error_description`.
result<json_web_token> parse_token(std::string_view text);

}  // namespace kelvin::frontdoor
