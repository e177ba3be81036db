#include "emulator/frontdoor/authorizer/policy.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"
#include "runtime-api/http/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::json;

constexpr std::string_view invoke_action = "execute-api:invoke";

/// A string, or an array of strings that is not empty; nullopt for anything else.
std::optional<std::vector<std::string>> strings_of(const json& statement, const char* name) {
  const auto found = statement.find(name);
  if (found == statement.end())
    return std::nullopt;
  if (found->is_string())
    return std::vector<std::string>{found->get<std::string>()};
  if (!found->is_array() || found->empty())
    return std::nullopt;
  std::vector<std::string> list;
  for (const json& each : *found) {
    if (!each.is_string())
      return std::nullopt;
    list.push_back(each.get<std::string>());
  }
  return list;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), http::to_lower);
  return text;
}

result<access_policy::statement> read_statement(const json& described) {
  if (!described.is_object())
    return fail(errc::malformed_message, "a statement of the policy is no object");
  for (const char* name : {"Condition", "NotAction", "NotResource", "Principal", "NotPrincipal"}) {
    if (described.contains(name))
      return fail(errc::unsupported, std::string("the policy has a statement with ") + name +
                                         ", which kelvin does not evaluate; leave it out");
  }
  const std::string effect = string_member(described, "Effect").value_or("");
  auto actions = strings_of(described, "Action");
  auto resources = strings_of(described, "Resource");
  if ((effect != "Allow" && effect != "Deny") || !actions || !resources)
    return fail(errc::malformed_message,
                "a statement of the policy lacks Effect (Allow or Deny), Action or Resource (strings)");
  // Actions are compared whatever their case.
  std::transform(actions->begin(), actions->end(), actions->begin(), lower);
  return access_policy::statement{effect == "Allow", std::move(*actions), std::move(*resources)};
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches_pattern(pattern, text); });
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
  std::size_t at = 0;
  std::size_t index = 0;
  // Where to go on if what follows the last `*` does not fit: that `*` takes one character more.
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (index < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = index;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[index])) {
      ++at;
      ++index;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      index = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

result<access_policy> read_policy(const json& document) {
  if (!document.is_object() || !document.contains("Statement"))
    return fail(errc::malformed_message, "policyDocument is no object with a Statement");
  const json& described = document["Statement"];
  access_policy policy;
  const json one = described.is_object() ? json::array({described}) : json();
  const json& all = described.is_object() ? one : described;
  if (!all.is_array() || all.empty())
    return fail(errc::malformed_message, "the policy has no statement");
  for (const json& each : all) {
    auto statement = read_statement(each);
    if (!statement)
      return statement.error();
    policy.statements.push_back(std::move(*statement));
  }
  return policy;
}

policy_effect evaluate(const access_policy& policy, std::string_view arn) {
  policy_effect effect = policy_effect::denied_implicitly;
  for (const access_policy::statement& statement : policy.statements) {
    if (!any_matches(statement.actions, invoke_action) || !any_matches(statement.resources, arn))
      continue;
    if (!statement.allows)
      return policy_effect::denied_explicitly;
    effect = policy_effect::allowed;
  }
  return effect;
}

}  // namespace kelvin::frontdoor
