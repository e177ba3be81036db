#include "emulator/frontdoor/authorizer/policy.hpp"

#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::json;
using test::failure_text;

constexpr std::string_view arn = "arn:aws:execute-api:us-east-1:1:api/prod/GET/pets/7";

std::string statement(const std::string& effect, const std::string& action, const std::string& resource) {
  return R"({"Effect":")" + effect + R"(","Action":)" + action + R"(,"Resource":)" + resource + "}";
}

result<access_policy> policy_of(const std::string& statements) {
  return read_policy(json::parse(R"({"Version":"2012-10-17","Statement":)" + statements + "}"));
}

policy_effect effect_of(const std::string& statements) {
  const auto policy = policy_of(statements);
  REQUIRE(test::succeeds(policy));
  return evaluate(*policy, arn);
}

const std::string invoke = "\"execute-api:Invoke\"";

TEST_CASE("policy: patterns") {
  for (const auto& [pattern, text, fits] : std::vector<std::tuple<const char*, const char*, bool>>{
           {"", "", true},
           {"", "a", false},
           {"a", "", false},
           {"a", "a", true},
           {"a", "A", false},
           {"*", "", true},
           {"*", "anything/at:all", true},
           {"?", "", false},
           {"?", "a", true},
           {"?", "ab", false},
           {"a*", "a", true},
           {"a*c", "abbbc", true},
           {"a*c", "abbb", false},
           {"a*b*c", "axbxbxc", true},
           {"a*b*c", "axc", false},
           {"*a", "bbba", true},
           {"*a", "bbbab", false},
           {"a?c", "abc", true},
           {"a?c", "ac", false},
           {"**", "x", true},
           {"*?", "", false},
           {"*?", "x", true},
           {"a**?b", "axb", true},
           {"*ab*ab", "abab", true},
           {"*ab*ab", "abxab", true},
           {"*ab*ab", "aba", false},
           {"[a]", "a", false},
           {"a\\*", "a*", false},
           {"*.*", "a.b", true},
           {"*/GET/*", "api/prod/GET/", true},
       }) {
    CAPTURE(pattern);
    CAPTURE(text);
    CHECK(matches_pattern(pattern, text) == fits);
  }
  // Linear in both, not exponential.
  std::string many;
  for (int count = 0; count < 500; ++count)
    many += "*a";
  CHECK_FALSE(matches_pattern(many + "b", std::string(2000, 'a')));
}

TEST_CASE("policy: an Allow allows what it names") {
  for (const char* resource :
       {R"("arn:aws:execute-api:us-east-1:1:api/prod/GET/pets/7")", R"("*")",
        R"("arn:aws:execute-api:*:*:api/*/GET/*")", R"(["x","arn:aws:execute-api:us-east-1:1:api/prod/*"])",
        R"("arn:aws:execute-api:us-east-1:1:api/prod/GET/pets/?")"}) {
    CAPTURE(resource);
    CHECK(effect_of(statement("Allow", invoke, resource)) == policy_effect::allowed);
    CHECK(effect_of("[" + statement("Allow", invoke, resource) + "]") == policy_effect::allowed);
    CHECK(effect_of(statement("Deny", invoke, resource)) == policy_effect::denied_explicitly);
  }
  for (const char* resource : {R"("arn:aws:execute-api:us-east-1:1:api/prod/GET/pets")",
                               R"("arn:aws:execute-api:us-east-1:1:api/prod/POST/*")",
                               R"("arn:aws:execute-api:us-east-1:1:other/prod/GET/pets/7")", R"("ARN:*")", R"("")"}) {
    CAPTURE(resource);
    CHECK(effect_of(statement("Allow", invoke, resource)) == policy_effect::denied_implicitly);
    CHECK(effect_of(statement("Deny", invoke, resource)) == policy_effect::denied_implicitly);
  }
}

TEST_CASE("policy: actions, whatever their case") {
  for (const char* action : {R"("*")", R"("execute-api:*")", R"("Execute-API:invoke")",
                             R"(["s3:Get","execute-api:Inv*"])", R"("execute-api:?nvoke")"})
    CHECK(effect_of(statement("Allow", action, "\"*\"")) == policy_effect::allowed);
  for (const char* action : {R"("execute-api:InvalidateCache")", R"("lambda:*")", R"("Invoke")", R"("")"})
    CHECK(effect_of(statement("Allow", action, "\"*\"")) == policy_effect::denied_implicitly);
}

TEST_CASE("policy: an explicit Deny wins, wherever it stands") {
  const std::string allow = statement("Allow", invoke, "\"*\"");
  const std::string deny = statement("Deny", invoke, "\"*/GET/*\"");
  const std::string elsewhere = statement("Deny", invoke, "\"*/POST/*\"");
  CHECK(effect_of("[" + allow + "," + deny + "]") == policy_effect::denied_explicitly);
  CHECK(effect_of("[" + deny + "," + allow + "]") == policy_effect::denied_explicitly);
  CHECK(effect_of("[" + elsewhere + "," + allow + "]") == policy_effect::allowed);
  CHECK(effect_of("[" + elsewhere + "]") == policy_effect::denied_implicitly);
}

TEST_CASE("policy: what is none is refused") {
  for (const std::string& document :
       {std::string("5"), std::string("null"), std::string("{}"), std::string(R"({"Statement":[]})"),
        std::string(R"({"Statement":"x"})"), std::string(R"({"Statement":[5]})"), std::string(R"({"Statement":{}})"),
        R"({"Statement":)" + statement("allow", invoke, "\"*\"") + "}",
        R"({"Statement":)" + statement("Allow", "5", "\"*\"") + "}",
        R"({"Statement":)" + statement("Allow", "[]", "\"*\"") + "}",
        R"({"Statement":)" + statement("Allow", invoke, "[\"*\",5]") + "}",
        R"({"Statement":)" + statement("Allow", invoke, "null") + "}",
        std::string(R"({"Statement":{"Effect":"Allow","Action":"*"}})"),
        std::string(R"({"Statement":{"Effect":["Allow"],"Action":"*","Resource":"*"}})")}) {
    CAPTURE(document);
    failure_text(read_policy(json::parse(document)), errc::malformed_message);
  }
}

TEST_CASE("policy: what kelvin does not evaluate is named") {
  for (const char* member : {"Condition", "NotAction", "NotResource", "Principal", "NotPrincipal"}) {
    const std::string text = R"({"Effect":"Allow","Action":"*","Resource":"*",")" + std::string(member) + R"(":{}})";
    CHECK(test::contains(failure_text(policy_of(text), errc::unsupported), member));
  }
}

}  // namespace
}  // namespace kelvin::frontdoor
