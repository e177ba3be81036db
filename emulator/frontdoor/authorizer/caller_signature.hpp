#pragma once

#include "emulator/web/web_request.hpp"

#include <optional>
#include <string>

namespace kelvin::frontdoor {

/// Who signed a request by Signature Version 4. kelvin knows no secret keys: that a signature is there and of the right
/// form is all that is looked at.
struct caller_signature {
  std::string access_key;
  std::string region;
  std::string service;
};

/// The signature in the Authorization field, or in the query (`X-Amz-…`). Nullopt: the request is not signed, or not
/// as it must be.
std::optional<caller_signature> read_signature(const web::web_request& request);

/// The `iam` object of an event's authorizer for that caller; nullopt: nobody signed, and all values are null.
std::string iam_document(const std::optional<caller_signature>& caller, const std::string& account_id);

}  // namespace kelvin::frontdoor
