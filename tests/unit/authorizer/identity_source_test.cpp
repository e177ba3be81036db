#include "emulator/frontdoor/authorizer/identity_source.hpp"

#include "tests/unit/authorizer/web_call.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

std::string value(const test::web_call& call, std::string_view source) {
  return identity_value(source, call.request, call.context).value_or("(none)");
}

TEST_CASE("identity source: a header, whatever its case, repeated as the API has it") {
  test::web_call http;
  test::web_call rest(api_kind::rest);
  for (test::web_call* call : {&http, &rest}) {
    call->fields.add("AUTHORIZATION", "one");
    call->fields.add("x-empty", "");
    call->fields.add("authorization", "two");
    CHECK(value(*call, "$request.header.x-empty") == "(none)");
    CHECK(value(*call, "$request.header.Other") == "(none)");
    CHECK(value(*call, "$request.header.") == "(none)");
  }
  CHECK(value(http, "$request.header.Authorization") == "one,two");
  CHECK(value(rest, "$request.header.Authorization") == "two");
}

TEST_CASE("identity source: a query parameter, decoded") {
  test::web_call http;
  http.request.raw_query = "a=1&&q=A+%42%zz%4&e=&flag&a=2&%61=3&=x";
  CHECK(value(http, "$request.querystring.a") == "1,2,3");
  CHECK(value(http, "$request.querystring.q") == "A B%zz%4");
  for (const char* none : {"e", "flag", "A", "b", ""})
    CHECK(value(http, "$request.querystring." + std::string(none)) == "(none)");
  test::web_call rest(api_kind::rest);
  rest.request.raw_query = http.request.raw_query;
  CHECK(value(rest, "$request.querystring.a") == "3");
}

TEST_CASE("identity source: context variables and stage variables") {
  test::web_call call;
  call.fields.add("User-Agent", "curl");
  for (const auto& [name, expected] : std::vector<std::pair<std::string, std::string>>{
           {"accountId", "123456789012"},
           {"apiId", "abc123"},
           {"domainName", "abc123.example.com"},
           {"domainPrefix", "abc123"},
           {"extendedRequestId", "extended"},
           {"http.method", "GET"},
           {"httpMethod", "GET"},
           {"http.sourceIp", "192.0.2.1"},
           {"identity.sourceIp", "192.0.2.1"},
           {"http.userAgent", "curl"},
           {"identity.userAgent", "curl"},
           {"path", "/prod/pets/7"},
           {"http.path", "/prod/pets/7"},
           {"protocol", "HTTP/1.1"},
           {"requestId", "request"},
           {"resourcePath", "/pets/{id}"},
           {"routeKey", "GET /pets/{id}"},
           {"stage", "prod"},
           {"authorizer.x", "(none)"},
       }) {
    CAPTURE(name);
    CHECK(value(call, "$context." + name) == expected);
  }
  call.context.resource = "$default";
  CHECK(value(call, "$context.routeKey") == "$default");
  call.request.http_1_0 = true;
  CHECK(value(call, "$context.protocol") == "HTTP/1.0");
  CHECK(value(call, "$stageVariables.color") == "(none)");
  const std::vector<name_value> variables = {{"color", "red"}, {"empty", ""}};
  call.context.stage_variables = &variables;
  CHECK(value(call, "$stageVariables.color") == "red");
  CHECK(value(call, "$stageVariables.empty") == "(none)");
  CHECK(value(call, "$stageVariables.Color") == "(none)");
}

TEST_CASE("identity source: what is of no known form is missing") {
  test::web_call call;
  call.fields.add("a", "1");
  for (const char* source :
       {"", "a", "method.request.header.a", "$request.body.a", "$request.header", "$request.path.a"})
    CHECK(value(call, source) == "(none)");
}

TEST_CASE("identity source: all of them, or none") {
  test::web_call call;
  call.fields.add("a", "1");
  call.request.raw_query = "b=2";
  const auto values = [&](const std::vector<std::string>& sources) {
    return identity_values(sources, call.request, call.context);
  };
  CHECK(values({"$request.header.a", "$request.querystring.b"}) == std::vector<std::string>{"1", "2"});
  CHECK_FALSE(values({"$request.header.a", "$request.header.b"}).has_value());
  CHECK(values({}) == std::vector<std::string>());
}

}  // namespace
}  // namespace kelvin::frontdoor
