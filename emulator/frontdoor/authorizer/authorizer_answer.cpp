#include "emulator/frontdoor/authorizer/authorizer_answer.hpp"

#include "emulator/frontdoor/authorizer/small_json.hpp"
#include "runtime-api/base/limits.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::json;

/// Names the authorizer and where it is described.
authorizer_failed failed(const authorizer_configuration& authorizer, const std::string& what) {
  std::string message = "authorizer " + authorizer.name;
  if (!authorizer.origin.empty())
    message += " (" + authorizer.origin + ")";
  return {message + ", function " + authorizer.function_name + ": " + what};
}

authorizer_reading read_error(const authorizer_configuration& authorizer, const function_error& error) {
  const std::string_view text = error.error.view();
  const auto document = text.size() <= limits::authorizer_answer_bytes ? parse_small_object(text) : std::nullopt;
  const std::string message = document ? string_member(*document, "errorMessage").value_or("") : std::string();
  if (message == "Unauthorized")
    return authorizer_said_unauthorized{};
  return failed(authorizer, "the function failed: " + std::string(text.substr(0, 500)));
}

/// The answer's `context` as text; nullopt where it is none. None at all is an empty one.
std::optional<std::string> read_context(const json& answer, api_kind api) {
  const auto found = answer.find("context");
  if (found == answer.end() || found->is_null())
    return "{}";
  const bool plain = api != api_kind::rest || std::all_of(found->begin(), found->end(), [](const json& value) {
                       return value.is_string() || value.is_number() || value.is_boolean();
                     });
  return found->is_object() && plain ? std::optional(print_json(*found)) : std::nullopt;
}

bool takes_simple(const authorizer_configuration& authorizer, api_kind api) {
  return api == api_kind::http && authorizer.payload == payload_version::v2 && authorizer.simple_responses;
}

authorizer_reading read_simple(const authorizer_configuration& authorizer, const json& answer,
                               authorizer_answer reading) {
  const auto verdict = answer.find("isAuthorized");
  if (verdict == answer.end() || !verdict->is_boolean())
    return failed(authorizer,
                  "with EnableSimpleResponses the answer must be {\"isAuthorized\": true or false, \"context\": {…}}");
  reading.verdict = verdict->get<bool>();
  return reading;
}

authorizer_reading read_policy_answer(const authorizer_configuration& authorizer, const json& answer,
                                      authorizer_answer reading) {
  auto principal = string_member(answer, "principalId");
  const auto document = answer.find("policyDocument");
  if (!principal || document == answer.end()) {
    const bool simple = answer.contains("isAuthorized");
    return failed(authorizer, simple ? "the answer is a simple one, but EnableSimpleResponses is not set"
                                     : "the answer must have principalId (a string) and policyDocument");
  }
  auto policy = read_policy(*document);
  if (!policy)
    return failed(authorizer, policy.error().detail);
  reading.principal_id = std::move(*principal);
  reading.verdict = std::move(*policy);
  return reading;
}

authorizer_reading read_success(const authorizer_configuration& authorizer, api_kind api, std::string_view text) {
  if (text.size() > limits::authorizer_answer_bytes)
    return failed(authorizer, "the answer is larger than 64 KiB");
  const auto answer = parse_small_object(text);
  if (!answer)
    return failed(authorizer, "the answer is no JSON object");
  authorizer_answer reading;
  auto context = read_context(*answer, api);
  if (!context)
    return failed(authorizer, api == api_kind::rest ? "context must be an object of strings, numbers and booleans"
                                                    : "context must be an object");
  reading.context = std::move(*context);
  return takes_simple(authorizer, api) ? read_simple(authorizer, *answer, std::move(reading))
                                       : read_policy_answer(authorizer, *answer, std::move(reading));
}

}  // namespace

authorizer_reading read_authorizer_answer(const authorizer_configuration& authorizer, api_kind api,
                                          const invocation_outcome& outcome) {
  if (const auto* success = std::get_if<invocation_success>(&outcome.answer))
    return read_success(authorizer, api, success->response.view());
  if (const auto* error = std::get_if<function_error>(&outcome.answer))
    return read_error(authorizer, *error);
  if (const auto* service = std::get_if<service_failure>(&outcome.answer))
    return failed(authorizer, service->message);
  return failed(authorizer, "the invocation was throttled");
}

}  // namespace kelvin::frontdoor
