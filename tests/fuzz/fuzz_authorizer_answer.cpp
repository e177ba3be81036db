#include "emulator/frontdoor/authorizer/authorizer_answer.hpp"
#include "tests/fuzz/require.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using kelvin::fuzz::require;
using namespace kelvin::frontdoor;

/// What the pattern says, told the plain way: which ends of the text each beginning of the pattern can take.
bool matches_plainly(std::string_view pattern, std::string_view text) {
  std::vector<bool> takes(text.size() + 1, false);
  takes[0] = true;
  for (const char letter : pattern) {
    std::vector<bool> next(text.size() + 1, false);
    next[0] = letter == '*' && takes[0];
    for (std::size_t end = 1; end <= text.size(); ++end)
      next[end] =
          letter == '*' ? takes[end] || next[end - 1] : takes[end - 1] && (letter == '?' || letter == text[end - 1]);
    takes = next;
  }
  return takes[text.size()];
}

void check(std::string_view text, kelvin::api_kind api, bool simple, bool fails) {
  kelvin::authorizer_configuration authorizer;
  authorizer.simple_responses = simple;
  kelvin::invocation_outcome outcome;
  if (fails)
    outcome.answer = kelvin::function_error{kelvin::payload(text), {}};
  else
    outcome.answer = kelvin::invocation_success{kelvin::payload(text), {}};
  const authorizer_reading reading = read_authorizer_answer(authorizer, api, outcome);
  if (const auto* answer = std::get_if<authorizer_answer>(&reading)) {
    require(!fails && nlohmann::json::accept(answer->context));
    require(std::holds_alternative<bool>(answer->verdict) == (simple && api == kelvin::api_kind::http));
    if (const auto* policy = std::get_if<access_policy>(&answer->verdict))
      evaluate(*policy, "arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/pets/7");
  }
}

}  // namespace

/// An answer, or a failure, of an authorizer's function; and a pattern, a line end and a text for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool simple : {false, true}) {
    for (const bool fails : {false, true}) {
      check(text, kelvin::api_kind::http, simple, fails);
      check(text, kelvin::api_kind::rest, simple, fails);
    }
  }
  const std::size_t end = text.find('\n');
  if (end != std::string_view::npos && size < 500)
    require(matches_pattern(text.substr(0, end), text.substr(end + 1)) ==
            matches_plainly(text.substr(0, end), text.substr(end + 1)));
  return 0;
}
