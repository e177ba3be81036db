#pragma once

#include "emulator/frontdoor/authorizer/policy.hpp"
#include "emulator/function/api_configuration.hpp"
#include "emulator/invoke/invocation_outcome.hpp"

#include <optional>
#include <string>
#include <variant>

namespace kelvin::frontdoor {

/// What a Lambda authorizer said. Kept as it is for the authorizer's TTL; a policy is evaluated for each request.
struct authorizer_answer {
  /// A policy, or the verdict of a simple answer.
  std::variant<access_policy, bool> verdict;
  std::string context = "{}";  ///< a JSON object
  std::string principal_id;
};

/// The function failed with `Unauthorized`: its way to say 401.
struct authorizer_said_unauthorized {};

/// The function could not be used: it failed, or answered something else than an authorizer must. The message is a
/// sentence for the log.
struct authorizer_failed {
  std::string message;
};

using authorizer_reading = std::variant<authorizer_answer, authorizer_said_unauthorized, authorizer_failed>;

/// Reads what came of the invocation by the rules of the authorizer's kind, payload version and EnableSimpleResponses
/// (contract: http-front-doors, 2.6 and 3). A REST API's context holds strings, numbers and booleans only.
authorizer_reading read_authorizer_answer(const authorizer_configuration& authorizer, api_kind api,
                                          const invocation_outcome& outcome);

}  // namespace kelvin::frontdoor
