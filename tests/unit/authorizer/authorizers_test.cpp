#include "emulator/frontdoor/authorizer/authorizers.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/unit/authorizer/authorizers_fixture.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>

namespace kelvin::frontdoor {
namespace {

using namespace std::chrono_literals;
using test::name_of;

namespace fixture = test::signed_tokens;

std::string policy_answer(const std::string& effect, const std::string& resource) {
  return R"({"principalId":"u","policyDocument":{"Statement":[{"Action":"execute-api:Invoke","Effect":")" + effect +
         R"(","Resource":")" + resource + R"("}]},"context":{"k":"v"}})";
}

struct jwt_fixture : test::authorizers_fixture {
  jwt_fixture() : authorizers_fixture(api_kind::http, authorizer_kind::jwt) {
    source.documents["https://issuer.example/.well-known/openid-configuration"] =
        R"({"jwks_uri":"https://issuer.example/keys"})";
    source.documents["https://issuer.example/keys"] = test::key_set_text({"first", "second"});
  }
  std::string challenge(std::string_view token) {
    const auto decision = ask_as(token);
    return name_of(decision) == "allowed" ? "allowed" : std::get<authorizer_refusal>(decision).www_authenticate;
  }
  static std::string invalid(const std::string& description) {
    return R"(Bearer scope="" error="invalid_token" error_description=")" + description + "\"";
  }
};

TEST_CASE("authorizers: a good token is let through with its claims") {
  jwt_fixture here;
  for (const std::string& value : {std::string(fixture::token), "Bearer " + std::string(fixture::token),
                                   std::string(fixture::token_rs512), std::string(fixture::token_of_second_key)}) {
    const auto decision = here.ask_as(value);
    REQUIRE(name_of(decision) == "allowed");
    const auto& allowed = std::get<web::authorization>(decision);
    CHECK(allowed.kind == authorizer_kind::jwt);
    CHECK(allowed.document ==
          R"({"aud":"api","exp":"1735693200","groups":"[a b]","iat":"1735689600","iss":"https://issuer.example",)"
          R"("scope":"pets/read pets/write","sub":"somebody"})");
    CHECK_FALSE(allowed.scopes.has_value());
  }
  CHECK(here.source.asked.size() == 2);
}

TEST_CASE("authorizers: a token without one of the route's scopes is not enough") {
  jwt_fixture here;
  here.route.scopes = {"pets/write", "admin"};
  const auto allowed = here.ask_as(fixture::token);
  REQUIRE(name_of(allowed) == "allowed");
  CHECK(std::get<web::authorization>(allowed).scopes == std::vector<std::string>{"pets/write"});
  const auto refused = here.ask_as(fixture::token_without_scope);
  REQUIRE(name_of(refused) == "insufficient_scope");
  CHECK(std::get<authorizer_refusal>(refused).www_authenticate ==
        R"(Bearer scope="pets/write admin" error="insufficient_scope" )"
        R"(error_description="the token does not have a valid scope")");
}

TEST_CASE("authorizers: a bad token is refused with the reason in www-authenticate") {
  jwt_fixture here;
  CHECK(here.challenge("Bearer") == here.invalid("token contains an invalid number of segments"));
  CHECK(here.challenge("Bearer ") == "Bearer");
  CHECK(here.challenge(fixture::token_of_another_audience) == here.invalid("the token does not have a valid audience"));
  // So far nothing was worth a look at the keys.
  CHECK(here.source.asked.empty());
  CHECK(here.challenge(fixture::token_of_second_key_as_first) ==
        here.invalid("the token does not have a valid signature"));
  CHECK(here.challenge(std::string(fixture::token) + "AA") ==
        here.invalid("the token does not have a valid signature"));
  here.call.fields.clear();
  const auto without = here.ask();
  CHECK(name_of(without) == "unauthorized");
  CHECK(std::get<authorizer_refusal>(without).www_authenticate == "Bearer");
  CHECK(here.notices.empty());
}

TEST_CASE("authorizers: an hour later the token has expired") {
  jwt_fixture here;
  here.clock.advance(3599s);
  CHECK(here.challenge(fixture::token) == "allowed");
  here.clock.advance(1s);
  CHECK(here.challenge(fixture::token) == here.invalid("the token has expired"));
}

TEST_CASE("authorizers: a key of another id or algorithm signs nothing") {
  jwt_fixture here;
  here.source.documents["https://issuer.example/keys"] = test::key_set_text({"other"});
  CHECK(here.challenge(fixture::token) == here.invalid("the token does not have a valid key id"));
  std::string keys = test::key_set_text({"first"});
  keys.replace(keys.find("\"kid\""), 5, R"("alg":"RS384","kid")");
  here.source.documents["https://issuer.example/keys"] = keys;
  here.clock.advance(60s);
  CHECK(here.challenge(fixture::token) == here.invalid("the token does not have a valid signature"));
}

TEST_CASE("authorizers: keys that cannot be had are named in the log") {
  jwt_fixture here;
  here.source.documents.clear();
  CHECK(here.challenge(fixture::token) == here.invalid("OIDC discovery endpoint communication error"));
  REQUIRE(here.notices.size() == 1);
  CHECK(test::contains(here.notices[0], "Guard"));
  CHECK(test::contains(here.notices[0], "https://issuer.example/.well-known/openid-configuration"));
}

TEST_CASE("authorizers: a simple answer of a function decides") {
  test::authorizers_fixture here(api_kind::http, authorizer_kind::lambda_request);
  here.authorizer().simple_responses = true;
  here.invocations.answer = R"({"isAuthorized":true,"context":{"k":[1]}})";
  const auto decision = here.ask_as("one");
  REQUIRE(name_of(decision) == "allowed");
  CHECK(std::get<web::authorization>(decision).kind == authorizer_kind::lambda_request);
  CHECK(std::get<web::authorization>(decision).document == R"({"k":[1]})");
  CHECK(here.invocations.events.back() ==
        R"({"type":"REQUEST","routeArn":"arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets/7",)"
        R"("identitySource":["one"],"base":2})");
  CHECK(here.invocations.arns.back() == "arn:aws:lambda:us-east-1:123456789012:function:guard");
  here.invocations.answer = R"({"isAuthorized":false})";
  CHECK(name_of(here.ask_as("one")) == "forbidden_implicit");
  CHECK(here.invocations.events.size() == 2);
}

TEST_CASE("authorizers: a policy decides for the request's ARN") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_request);
  here.invocations.answer = policy_answer("Allow", "*/GET/pets/7");
  const auto decision = here.ask_as("one");
  REQUIRE(name_of(decision) == "allowed");
  CHECK(std::get<web::authorization>(decision).principal_id == "u");
  CHECK(std::get<web::authorization>(decision).document == R"({"k":"v"})");
  CHECK(
      here.invocations.events.back() ==
      R"({"type":"REQUEST","methodArn":"arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets/7","base":1})");
  here.invocations.answer = policy_answer("Allow", "*/GET/pets/8");
  CHECK(name_of(here.ask_as("one")) == "forbidden_implicit");
  here.invocations.answer = policy_answer("Deny", "*");
  CHECK(name_of(here.ask_as("one")) == "forbidden_explicit");
}

TEST_CASE("authorizers: a token's authorizer gets the token, if it is of the form it wants") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_token);
  here.authorizer().identity_validation_expression = "Bearer [a-z]+";
  here.invocations.answer = policy_answer("Allow", "*");
  CHECK(name_of(here.ask_as("Bearer abc")) == "allowed");
  CHECK(here.invocations.events.back() ==
        R"({"type":"TOKEN","authorizationToken":"Bearer abc",)"
        R"("methodArn":"arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets/7"})");
  CHECK(name_of(here.ask_as("Bearer ABC")) == "unauthorized");
  CHECK(here.invocations.events.size() == 1);
  here.authorizer().identity_validation_expression = "(";
  CHECK(name_of(here.ask_as("Bearer abc")) == "failed");
}

TEST_CASE("authorizers: without its identity a request is refused and no function called") {
  for (const auto kind : {authorizer_kind::lambda_request, authorizer_kind::lambda_token}) {
    test::authorizers_fixture here(api_kind::rest, kind);
    CHECK(name_of(here.ask()) == "unauthorized");
    CHECK(name_of(here.ask_as("")) == "unauthorized");
    CHECK(here.invocations.events.empty());
  }
}

TEST_CASE("authorizers: a function may say Unauthorized, and any other failure is named in the log") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_token);
  here.invocations.error = R"({"errorMessage":"Unauthorized"})";
  CHECK(name_of(here.ask_as("x")) == "unauthorized");
  CHECK(here.notices.empty());
  here.invocations.error = R"({"errorMessage":"broken"})";
  CHECK(name_of(here.ask_as("x")) == "failed");
  REQUIRE(here.notices.size() == 1);
  CHECK(test::contains(here.notices[0], "broken"));
  here.invocations.error.clear();
  here.invocations.answer = "5";
  CHECK(name_of(here.ask_as("x")) == "failed");
  here.authorizer().function_name = "nobody";
  CHECK(name_of(here.ask_as("x")) == "failed");
  CHECK(test::contains(here.notices.back(), "there is no function nobody"));
  here.route.authorizer = "Other";
  CHECK(name_of(here.ask_as("x")) == "failed");
  CHECK(test::contains(here.notices.back(), "Other"));
}

TEST_CASE("authorizers: answers are kept for their TTL, by identity") {
  test::authorizers_fixture here(api_kind::http, authorizer_kind::lambda_request);
  here.authorizer().simple_responses = true;
  here.authorizer().result_ttl = 300s;
  here.invocations.answer = R"({"isAuthorized":true})";
  CHECK(name_of(here.ask_as("one")) == "allowed");
  here.invocations.answer = R"({"isAuthorized":false})";
  CHECK(name_of(here.ask_as("one")) == "allowed");
  CHECK(name_of(here.ask_as("two")) == "forbidden_implicit");
  CHECK(name_of(here.ask_as("two")) == "forbidden_implicit");
  CHECK(here.invocations.events.size() == 2);
  here.clock.advance(300s);
  CHECK(name_of(here.ask_as("one")) == "forbidden_implicit");
  CHECK(here.invocations.events.size() == 3);
  here.call.context.stage = "test";
  CHECK(name_of(here.ask_as("one")) == "forbidden_implicit");
  CHECK(here.invocations.events.size() == 4);
}

TEST_CASE("authorizers: failures are not kept, and nothing is without identity sources") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_token);
  here.authorizer().result_ttl = 300s;
  here.invocations.error = R"({"errorMessage":"Unauthorized"})";
  CHECK(name_of(here.ask_as("x")) == "unauthorized");
  here.invocations.error.clear();
  here.invocations.answer = "5";
  CHECK(name_of(here.ask_as("x")) == "failed");
  here.invocations.answer = policy_answer("Allow", "*");
  CHECK(name_of(here.ask_as("x")) == "allowed");
  here.authorizer().kind = authorizer_kind::lambda_request;
  here.authorizer().identity_sources.clear();
  CHECK(name_of(here.ask_as("x")) == "allowed");
  CHECK(name_of(here.ask_as("x")) == "allowed");
  CHECK(here.invocations.events.size() == 5);
}

TEST_CASE("authorizers: a kept policy is evaluated for each request") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_token);
  here.authorizer().result_ttl = 300s;
  here.invocations.answer = policy_answer("Allow", "*/GET/pets/7");
  CHECK(name_of(here.ask_as("x")) == "allowed");
  here.call.context.stage_path = "/pets/8";
  CHECK(name_of(here.ask_as("x")) == "forbidden_implicit");
  here.call.context.stage_path = "/pets/7";
  here.call.request.method = "POST";
  CHECK(name_of(here.ask_as("x")) == "forbidden_implicit");
  CHECK(here.invocations.events.size() == 1);
}

TEST_CASE("a lambda authorizer that is debugged has all the time it takes") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_token);
  function_configuration debugged = *here.registry.find("guard");
  put_under_debugger(debugged, {});
  REQUIRE(here.registry.replace(debugged));
  here.invocations.answer = policy_answer("Allow", "*");
  here.invocations.until = std::make_shared<one_shot<bool>>();
  here.call.fields.add("Authorization", "x");
  std::string outcome;
  boost::asio::co_spawn(here.context.get_executor(), here.asking(),
                        [&](std::exception_ptr, const authorizer_decision& decision) { outcome = name_of(decision); });
  REQUIRE(test::run_until(here.context, [&] { return here.invocations.events.size() == 1; }));
  CHECK_FALSE(here.clock.next());
  here.clock.advance(1000h);
  here.invocations.until->set(true);
  REQUIRE(test::run_until(here.context, [&] { return !outcome.empty(); }));
  CHECK(outcome == "allowed");
}

TEST_CASE("authorizers: a function has ten seconds") {
  test::authorizers_fixture here(api_kind::rest, authorizer_kind::lambda_token);
  here.invocations.answer = policy_answer("Allow", "*");
  here.invocations.until = std::make_shared<one_shot<bool>>();
  here.call.fields.add("Authorization", "x");
  std::string outcome;
  boost::asio::co_spawn(here.context.get_executor(), here.asking(),
                        [&](std::exception_ptr, const authorizer_decision& decision) { outcome = name_of(decision); });
  REQUIRE(test::run_until(here.context, [&] { return here.invocations.events.size() == 1; }));
  here.clock.advance(9999ms);
  here.context.restart();
  here.context.poll();
  CHECK(outcome.empty());
  here.clock.advance(1ms);
  REQUIRE(test::run_until(here.context, [&] { return !outcome.empty(); }));
  CHECK(outcome == "failed");
  CHECK(test::contains(here.notices.back(), "10 s"));
  // What comes later is nobody's.
  here.invocations.until->set(true);
  REQUIRE(test::run_until(here.context, [&] { return here.tasks.size() == 0; }));
  CHECK(here.escaped.empty());
  CHECK(here.clock.armed() == 0);
}

TEST_CASE("authorizers: a signature is looked for, not verified, and off means open") {
  const std::string signature =
      "AWS4-HMAC-SHA256 Credential=AKID/20250101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=" +
      std::string(64, '0');
  test::authorizers_fixture here(api_kind::http, authorizer_kind::iam);
  const auto decision = here.ask_as(signature);
  REQUIRE(name_of(decision) == "allowed");
  CHECK(std::get<web::authorization>(decision).kind == authorizer_kind::iam);
  CHECK(test::contains(std::get<web::authorization>(decision).document, R"("accessKey":"AKID")"));
  const auto refused = here.ask_as("Bearer x");
  CHECK(name_of(refused) == "not_signed");
  CHECK(test::contains(std::get<authorizer_refusal>(refused).message, "--iam off"));
  CHECK(here.notices.empty());

  test::authorizers_fixture open(api_kind::http, authorizer_kind::iam, {{}, false});
  CHECK(name_of(open.ask()) == "allowed");
  CHECK(name_of(open.ask_as("Bearer x")) == "allowed");
  CHECK(name_of(open.ask_as(signature)) == "allowed");
  CHECK(open.notices.size() == 1);
}

TEST_CASE("authorizers: keys may come from a file") {
  test::authorizers_fixture here(api_kind::http, authorizer_kind::jwt,
                                 {{{"https://issuer.example", "keys.json"}}, true});
  here.source.documents["file keys.json"] = test::key_set_text({"first"});
  CHECK(name_of(here.ask_as(fixture::token)) == "allowed");
  CHECK(here.source.asked == std::vector<std::string>{"file keys.json"});
}

}  // namespace
}  // namespace kelvin::frontdoor
