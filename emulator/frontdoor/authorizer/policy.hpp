#pragma once

#include "runtime-api/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::frontdoor {

enum class policy_effect {
  allowed,
  denied_implicitly,  ///< no statement is about it
  denied_explicitly,  ///< a Deny is about it, whatever else is
};

/// An IAM policy as Lambda authorizers answer with.
struct access_policy {
  struct statement {
    bool allows = false;
    std::vector<std::string> actions;    ///< patterns
    std::vector<std::string> resources;  ///< patterns
  };
  std::vector<statement> statements;
};

/// Whether `text` is what `pattern` says: `*` any characters or none, `?` one.
bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;

/// `policyDocument` of an answer. Errors: malformed_message (no policy), unsupported (conditions, principals, NotAction
/// and NotResource: named rather than passed over).
result<access_policy> read_policy(const nlohmann::json& document);

/// What the policy says of `execute-api:Invoke` on that resource.
policy_effect evaluate(const access_policy& policy, std::string_view arn);

}  // namespace kelvin::frontdoor
