#include "emulator/frontdoor/authorizer/authorizer_answer.hpp"

#include "runtime-api/base/limits.hpp"
#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

const std::string policy = R"("policyDocument":{"Version":"2012-10-17",)"
                           R"("Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]})";

authorizer_configuration simple() {
  authorizer_configuration authorizer;
  authorizer.name = "Guard";
  authorizer.origin = "template.yaml:7";
  authorizer.kind = authorizer_kind::lambda_request;
  authorizer.function_name = "guard";
  authorizer.simple_responses = true;
  return authorizer;
}

authorizer_configuration by_policy() {
  authorizer_configuration authorizer = simple();
  authorizer.simple_responses = false;
  return authorizer;
}

invocation_outcome success(std::string_view text) {
  return {invocation_success{payload(text), {}}, {}, {}};
}

authorizer_reading read(const authorizer_configuration& authorizer, std::string_view text,
                        api_kind api = api_kind::http) {
  return read_authorizer_answer(authorizer, api, success(text));
}

authorizer_answer answer(const authorizer_reading& reading) {
  if (const auto* failed = std::get_if<authorizer_failed>(&reading))
    MESSAGE(failed->message);
  REQUIRE(std::holds_alternative<authorizer_answer>(reading));
  return std::get<authorizer_answer>(reading);
}

std::string failure_of(const authorizer_reading& reading) {
  REQUIRE(std::holds_alternative<authorizer_failed>(reading));
  return std::get<authorizer_failed>(reading).message;
}

TEST_CASE("authorizer answer: a simple one") {
  const auto yes = answer(read(simple(), R"({"isAuthorized":true,"context":{"a":1,"b":[true],"c":{"d":null}},"x":0})"));
  CHECK(std::get<bool>(yes.verdict));
  CHECK(yes.context == R"({"a":1,"b":[true],"c":{"d":null}})");
  CHECK(yes.principal_id.empty());
  const auto no = answer(read(simple(), R"({"isAuthorized":false})"));
  CHECK_FALSE(std::get<bool>(no.verdict));
  CHECK(no.context == "{}");
  CHECK(answer(read(simple(), R"({"isAuthorized":false,"context":null})")).context == "{}");
  for (const std::string& text :
       {std::string("{}"), std::string(R"({"isAuthorized":"true"})"), std::string(R"({"isAuthorized":1})"),
        std::string(R"({"isAuthorized":null})"), R"({"principalId":"u",)" + policy + "}",
        std::string(R"({"isAuthorized":true,"context":[]})"), std::string(R"({"isAuthorized":true,"context":"x"})"),
        std::string(R"({"isAuthorized":true,"isAuthorized":true})")}) {
    CAPTURE(text);
    failure_of(read(simple(), text));
  }
}

TEST_CASE("authorizer answer: a policy") {
  const std::string text = R"({"principalId":"u",)" + policy + R"(,"context":{"k":"v","n":5}})";
  for (const api_kind api : {api_kind::http, api_kind::rest}) {
    const auto reading = answer(read(by_policy(), text, api));
    CHECK(reading.principal_id == "u");
    CHECK(reading.context == R"({"k":"v","n":5})");
    CHECK(evaluate(std::get<access_policy>(reading.verdict), "arn:any") == policy_effect::allowed);
  }
  for (const std::string& other :
       {std::string("{}"), "{" + policy + "}", std::string(R"({"principalId":"u"})"),
        R"({"principalId":5,)" + policy + "}", std::string(R"({"principalId":"u","policyDocument":"x"})"),
        R"({"principalId":"u",)" + policy + R"(,"context":5})"}) {
    CAPTURE(other);
    failure_of(read(by_policy(), other));
    failure_of(read(by_policy(), other, api_kind::rest));
  }
}

TEST_CASE("authorizer answer: simple ones are for HTTP APIs with payload 2.0 and EnableSimpleResponses") {
  const std::string text = R"({"isAuthorized":true})";
  CHECK(test::contains(failure_of(read(by_policy(), text)), "EnableSimpleResponses is not set"));
  failure_of(read(simple(), text, api_kind::rest));
  authorizer_configuration old = simple();
  old.payload = payload_version::v1;
  failure_of(read(old, text));
}

TEST_CASE("authorizer answer: a REST API's context is flat") {
  const auto with_context = [](const std::string& context) {
    return read(by_policy(), R"({"principalId":"u",)" + policy + R"(,"context":)" + context + "}", api_kind::rest);
  };
  CHECK(answer(with_context(R"({"s":"x","n":1.5,"b":false})")).context == R"({"b":false,"n":1.5,"s":"x"})");
  for (const char* context : {R"({"o":{}})", R"({"l":[]})", R"({"z":null})", "[]", "5"}) {
    CAPTURE(context);
    CHECK(test::contains(failure_of(with_context(context)), "context"));
  }
}

TEST_CASE("authorizer answer: Unauthorized is said by an error of that text") {
  const auto error = [](std::string_view text) {
    const invocation_outcome outcome{function_error{payload(text), "Error"}, {}, {}};
    return read_authorizer_answer(by_policy(), api_kind::rest, outcome);
  };
  CHECK(std::holds_alternative<authorizer_said_unauthorized>(
      error(R"({"errorMessage":"Unauthorized","errorType":"Error"})")));
  for (const char* text : {R"({"errorMessage":"unauthorized"})", R"({"errorMessage":"Unauthorized: expired"})",
                           R"({"errorMessage":["Unauthorized"]})", "Unauthorized", "{}", ""}) {
    CAPTURE(text);
    CHECK(test::contains(failure_of(error(text)), "the function failed: " + std::string(text)));
  }
}

TEST_CASE("authorizer answer: what is no answer is named with the authorizer, its function and its place") {
  CHECK(failure_of(read(by_policy(), "hello")) ==
        "authorizer Guard (template.yaml:7), function guard: the answer is no JSON object");
  for (const char* text : {"", "null", "5", "[]", "{", R"("Unauthorized")"})
    failure_of(read(by_policy(), text));
  const std::string filled = R"({"isAuthorized":true,"context":{"a":")";
  const std::string end = R"("}})";
  const auto of_size = [&](std::size_t size) {
    return filled + std::string(size - filled.size() - end.size(), 'x') + end;
  };
  answer(read(simple(), of_size(limits::authorizer_answer_bytes)));
  CHECK(test::contains(failure_of(read(simple(), of_size(limits::authorizer_answer_bytes + 1))), "64 KiB"));
  const invocation_outcome throttle{throttled{throttle_reason::concurrent_invocation_limit_exceeded}, {}, {}};
  CHECK(test::contains(failure_of(read_authorizer_answer(simple(), api_kind::http, throttle)), "throttled"));
  const invocation_outcome stopping{service_failure{"kelvin is stopping"}, {}, {}};
  CHECK(test::contains(failure_of(read_authorizer_answer(simple(), api_kind::http, stopping)), "kelvin is stopping"));
}

}  // namespace
}  // namespace kelvin::frontdoor
