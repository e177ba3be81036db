#include "emulator/frontdoor/authorizer/token_check.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace kelvin::frontdoor {
namespace {

bool holds(const std::vector<std::string>& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool has_audience(const json_web_token& token, const std::vector<std::string>& wanted) {
  if (!token.audiences)
    return !token.client_id.empty() && holds(wanted, token.client_id);
  return std::any_of(token.audiences->begin(), token.audiences->end(),
                     [&](const std::string& each) { return holds(wanted, each); });
}

std::string challenge(const std::vector<std::string>& scopes, std::string_view error, std::string_view description) {
  std::string text = "Bearer scope=\"";
  for (const std::string& scope : scopes)
    text.append(&scope == &scopes.front() ? "" : " ").append(scope);
  return text.append("\" error=\"").append(error).append("\" error_description=\"").append(description).append("\"");
}

}  // namespace

std::optional<std::string> claims_problem(const json_web_token& token, const authorizer_configuration& wanted,
                                          wall_time now) {
  const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
  if (token.issuer.empty() || token.issuer != wanted.issuer)
    return "the token does not have a valid issuer";
  if (!has_audience(token, wanted.audiences))
    return "the token does not have a valid audience";
  if (!token.expires)
    return "the token does not have an expiry";
  // Turned round so that no number at all is refused as well.
  if (!(*token.expires > seconds))
    return "the token has expired";
  if (token.not_before && !(*token.not_before <= seconds))
    return "the token is not valid yet";
  if (token.issued && !(*token.issued <= seconds))
    return "the token was issued in the future";
  return std::nullopt;
}

std::vector<std::string> granted_scopes(const json_web_token& token, const std::vector<std::string>& route_scopes) {
  std::vector<std::string> granted;
  std::copy_if(route_scopes.begin(), route_scopes.end(), std::back_inserter(granted),
               [&](const std::string& scope) { return holds(token.scopes, scope); });
  return granted;
}

std::string challenge_without_token() {
  return "Bearer";
}

std::string challenge_of_invalid_token(const std::vector<std::string>& route_scopes, std::string_view description) {
  return challenge(route_scopes, "invalid_token", description);
}

std::string challenge_of_insufficient_scope(const std::vector<std::string>& route_scopes) {
  return challenge(route_scopes, "insufficient_scope", "the token does not have a valid scope");
}

}  // namespace kelvin::frontdoor
