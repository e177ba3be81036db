#include "emulator/frontdoor/authorizer/json_web_token.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::json;

failure malformed(const char* what) {
  return fail(errc::malformed_message, what);
}

/// Header, payload and signature, still encoded.
std::optional<std::array<std::string_view, 3>> split(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  return std::array<std::string_view, 3>{text.substr(0, first), text.substr(first + 1, second - first - 1),
                                         text.substr(second + 1)};
}

std::optional<json> decode_object(std::string_view part) {
  const auto text = base64url_decode(part);
  return text ? parse_small_object(*text) : std::nullopt;
}

result<hash_kind> hash_of(const json& header) {
  const std::string algorithm = string_member(header, "alg").value_or("");
  // RFC 7515, section 4.1.11: who does not understand all of it must refuse the token.
  if (header.contains("crit"))
    return fail(errc::unsupported, "the token has critical header parameters");
  if (algorithm == "RS256")
    return hash_kind::sha256;
  if (algorithm == "RS384")
    return hash_kind::sha384;
  if (algorithm == "RS512")
    return hash_kind::sha512;
  return fail(errc::unsupported, "signing method is invalid");
}

/// As API Gateway shows arrays of claims (measured, thread: floci#2011): `[a b]`.
std::string bracketed(const json& list) {
  std::string text = "[";
  for (const json& each : list)
    text.append(text.size() == 1 ? "" : " ").append(each.is_string() ? each.get<std::string>() : print_json(each));
  return text + "]";
}

/// Every claim as a string; null ones are left out.
std::string claims_text(const json& payload) {
  json claims = json::object();
  for (const auto& [name, value] : payload.items()) {
    if (value.is_array())
      claims[name] = bracketed(value);
    else if (value.is_string())
      claims[name] = value;
    else if (!value.is_null())
      claims[name] = print_json(value);
  }
  return print_json(claims);
}

/// False where the claim is there and no number.
bool read_time(const json& payload, const char* name, std::optional<double>& into) {
  const auto found = payload.find(name);
  if (found == payload.end())
    return true;
  if (!found->is_number())
    return false;
  into = found->get<double>();
  return true;
}

/// Of a string, or of an array of strings; nullopt if it is neither.
std::optional<std::vector<std::string>> strings_of(const json& value) {
  if (value.is_string())
    return std::vector<std::string>{value.get<std::string>()};
  if (!value.is_array())
    return std::nullopt;
  std::vector<std::string> list;
  for (const json& each : value) {
    if (!each.is_string())
      return std::nullopt;
    list.push_back(each.get<std::string>());
  }
  return list;
}

/// Scopes are separated by blanks (RFC 8693, section 4.2); `scp` is often an array.
void add_scopes(const json& payload, const char* name, std::vector<std::string>& scopes) {
  const auto found = payload.find(name);
  const auto texts = found == payload.end() ? std::nullopt : strings_of(*found);
  for (std::string_view text : texts.value_or(std::vector<std::string>())) {
    while (!text.empty()) {
      const std::size_t blank = text.find(' ');
      if (blank != 0)
        scopes.emplace_back(text.substr(0, blank));
      text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
    }
  }
}

/// False where a claim is of the wrong kind.
bool read_claims(const json& payload, json_web_token& token) {
  token.issuer = string_member(payload, "iss").value_or("");
  token.client_id = string_member(payload, "client_id").value_or("");
  if (const auto audience = payload.find("aud"); audience != payload.end()) {
    token.audiences = strings_of(*audience);
    if (!token.audiences)
      return false;
  }
  add_scopes(payload, "scope", token.scopes);
  add_scopes(payload, "scp", token.scopes);
  return read_time(payload, "exp", token.expires) && read_time(payload, "nbf", token.not_before) &&
         read_time(payload, "iat", token.issued);
}

}  // namespace

std::string_view token_of(std::string_view value) noexcept {
  constexpr std::string_view scheme = "bearer ";
  if (http::equal_ignoring_case(value.substr(0, scheme.size()), scheme))
    value.remove_prefix(scheme.size());
  const std::size_t first = value.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : value.substr(first);
}

result<json_web_token> parse_token(std::string_view text) {
  if (text.size() > limits::token_bytes)
    return fail(errc::limit_reached, "the token is too long");
  const auto parts = split(text);
  if (!parts)
    return malformed("token contains an invalid number of segments");
  const auto header = decode_object((*parts)[0]);
  const auto payload = decode_object((*parts)[1]);
  auto signature = base64url_decode((*parts)[2]);
  if (!header || !payload || !signature)
    return malformed("the token is malformed");
  const auto hash = hash_of(*header);
  if (!hash)
    return hash.error();
  json_web_token token;
  token.hash = *hash;
  token.key_id = string_member(*header, "kid").value_or("");
  token.signed_text = text.substr(0, text.rfind('.'));
  token.signature = std::move(*signature);
  token.claims = claims_text(*payload);
  if (!read_claims(*payload, token))
    return malformed("the token is malformed");
  return token;
}

}  // namespace kelvin::frontdoor
