#include "emulator/frontdoor/authorizer/caller_signature.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace kelvin::frontdoor {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

bool is_alphanumeric(char letter) noexcept {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

bool is_signature(std::string_view text) noexcept {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// `KEY/20250101/REGION/SERVICE/aws4_request`
std::optional<caller_signature> read_scope(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (std::size_t index = 0; index < parts.size(); ++index) {
    const std::size_t slash = text.find('/');
    if ((slash == std::string_view::npos) != (index + 1 == parts.size()))
      return std::nullopt;
    parts[index] = text.substr(0, slash);
    text.remove_prefix(slash == std::string_view::npos ? text.size() : slash + 1);
  }
  const auto& [key, date, region, service, end] = parts;
  const bool dated = date.size() == 8 && date.find_first_not_of("0123456789") == std::string_view::npos;
  const bool keyed = !key.empty() && std::all_of(key.begin(), key.end(), is_alphanumeric);
  if (!keyed || !dated || region.empty() || service.empty() || end != "aws4_request")
    return std::nullopt;
  return caller_signature{std::string(key), std::string(region), std::string(service)};
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// `Credential=…, SignedHeaders=…, Signature=…` behind the algorithm; in any order.
std::optional<caller_signature> read_field(std::string_view value) {
  if (!value.starts_with(algorithm) || value.substr(algorithm.size()).substr(0, 1) != " ")
    return std::nullopt;
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
  for (std::string_view rest = value.substr(algorithm.size()); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = trimmed(rest.substr(0, comma));
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    const std::string_view given = part.substr(std::min(equals + 1, part.size()));
    if (name == "Credential")
      credential = given;
    else if (name == "SignedHeaders")
      signed_headers = given;
    else if (name == "Signature")
      signature = given;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return signed_headers.empty() || !is_signature(signature) ? std::nullopt : read_scope(credential);
}

/// A parameter of a query as sent; empty: none.
std::string_view parameter(std::string_view query, std::string_view name) noexcept {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return pair.substr(name.size() + 1);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return {};
}

std::string with_slashes(std::string_view text) {
  std::string decoded(text);
  for (const char* escape : {"%2F", "%2f"}) {
    for (std::size_t at = decoded.find(escape); at != std::string::npos; at = decoded.find(escape))
      decoded.replace(at, 3, "/");
  }
  return decoded;
}

std::optional<caller_signature> read_query(std::string_view query) {
  if (parameter(query, "X-Amz-Algorithm") != algorithm || parameter(query, "X-Amz-SignedHeaders").empty() ||
      parameter(query, "X-Amz-Date").empty() || !is_signature(parameter(query, "X-Amz-Signature")))
    return std::nullopt;
  return read_scope(with_slashes(parameter(query, "X-Amz-Credential")));
}

}  // namespace

std::optional<caller_signature> read_signature(const web::web_request& request) {
  const auto field = request.fields->find("authorization");
  return field ? read_field(*field) : read_query(request.raw_query);
}

std::string iam_document(const std::optional<caller_signature>& caller, const std::string& account_id) {
  nlohmann::json iam = {{"accessKey", nullptr},     {"accountId", nullptr}, {"callerId", nullptr},
                        {"userArn", nullptr},       {"userId", nullptr},    {"cognitoIdentity", nullptr},
                        {"principalOrgId", nullptr}};
  if (caller) {
    iam["accessKey"] = caller->access_key;
    iam["accountId"] = account_id;
    iam["callerId"] = caller->access_key;
    iam["userArn"] = "arn:aws:iam::" + account_id + ":user/" + caller->access_key;
    iam["userId"] = caller->access_key;
  }
  return print_json(iam);
}

}  // namespace kelvin::frontdoor
