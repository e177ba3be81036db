#include "emulator/frontdoor/authorizer/key_set.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::json;

/// False for an algorithm that is not ours.
bool read_algorithm(const json& described, std::optional<hash_kind>& hash) {
  const auto algorithm = string_member(described, "alg");
  if (!algorithm)
    return true;
  if (*algorithm == "RS256")
    hash = hash_kind::sha256;
  else if (*algorithm == "RS384")
    hash = hash_kind::sha384;
  else if (*algorithm == "RS512")
    hash = hash_kind::sha512;
  return hash.has_value();
}

std::optional<signing_key> read_key(const json& described) {
  if (!described.is_object() || string_member(described, "kty") != "RSA" ||
      string_member(described, "use").value_or("sig") != "sig")
    return std::nullopt;
  signing_key key;
  key.id = string_member(described, "kid").value_or("");
  auto modulus = base64url_decode(string_member(described, "n").value_or(""));
  auto exponent = base64url_decode(string_member(described, "e").value_or(""));
  if (key.id.empty() || !modulus || !exponent || !read_algorithm(described, key.hash))
    return std::nullopt;
  key.key = {std::move(*modulus), std::move(*exponent)};
  return is_usable(key.key) ? std::optional(std::move(key)) : std::nullopt;
}

/// Whether it is a URL that may be fetched: nothing in it that a line or a command's option could be made of.
bool is_web_url(std::string_view url) {
  const bool plain = std::none_of(url.begin(), url.end(), [](char letter) {
    return http::is_control(letter) || letter == ' ' || letter == '"' || letter == '\\';
  });
  return plain && (url.starts_with("https://") || url.starts_with("http://"));
}

}  // namespace

result<std::vector<signing_key>> parse_key_set(std::string_view text) {
  if (text.size() > limits::key_set_bytes)
    return fail(errc::limit_reached, "the key set is larger than 1 MiB");
  const auto document = parse_small_object(text);
  const auto keys = document ? document->find("keys") : json::const_iterator();
  if (!document || keys == document->end() || !keys->is_array())
    return fail(errc::malformed_message,
                "this is no JSON Web Key Set: a JSON object with an array `keys` was expected");
  if (keys->size() > limits::key_set_keys)
    return fail(errc::limit_reached, "the key set has more than 100 keys");
  std::vector<signing_key> usable;
  for (const json& described : *keys) {
    if (auto key = read_key(described))
      usable.push_back(std::move(*key));
  }
  return usable;
}

result<std::string> parse_discovery(std::string_view text) {
  if (text.size() > limits::key_set_bytes)
    return fail(errc::limit_reached, "the issuer's configuration is larger than 1 MiB");
  const auto document = parse_small_object(text);
  auto uri = document ? string_member(*document, "jwks_uri") : std::nullopt;
  if (!uri || !is_web_url(*uri))
    return fail(errc::malformed_message,
                "this is no OpenID configuration: a JSON object whose `jwks_uri` is an http or https URL was expected");
  return std::move(*uri);
}

std::string discovery_url(std::string_view issuer) {
  if (issuer.ends_with('/'))
    issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

}  // namespace kelvin::frontdoor
