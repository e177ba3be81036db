#include "emulator/frontdoor/rest_api/to_event.hpp"
#include "tests/support/web_exchange.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <string>

using namespace kelvin;
using json = nlohmann::json;

namespace {

/// A request at stage `stage` of a REST API, as the routes hand it over.
struct rest_exchange : test::web_exchange {
  rest_exchange() {
    context.stage = "stage";
    context.request_id = "8f2f7a52-95a5-4b0d-9f3a-0123456789ab";
    request.raw_path = "/stage/pets/7";
  }

  /// `path` as sent, behind the stage, to the resource `/{proxy+}`.
  void route_proxy(std::string_view path, std::string_view query = {}) {
    request.raw_query = query;
    context.stage_path = path;
    context.resource = "/{proxy+}";
    const std::size_t first = std::min(path.find_first_not_of('/'), path.size());
    context.path_parameters = {{"proxy", std::string(path.substr(first))}};
  }

  json event() const { return test::parsed(frontdoor::rest_api::to_event(request, context)); }
};

}  // namespace

TEST_CASE("every key of an event") {
  rest_exchange exchange;
  exchange.fields.add("tEsT-HEADeR", "aValUE");
  exchange.fields.add("Content-Length", "0");
  exchange.stage_variables = {{"s", "v"}};
  json event = exchange.event();
  CHECK(std::regex_match(event["requestContext"]["resourceId"].get<std::string>(), std::regex("[a-z0-9]{6}")));
  CHECK(std::regex_match(event["requestContext"]["deploymentId"].get<std::string>(), std::regex("[a-z0-9]{6}")));
  event["requestContext"].erase("resourceId");
  event["requestContext"].erase("deploymentId");
  CHECK(event == json::parse(R"({"resource":"/pets/{id}","path":"/pets/7","httpMethod":"GET",
    "headers":{"Host":"abc123.execute-api.us-east-1.amazonaws.com","tEsT-HEADeR":"aValUE",
      "X-Amzn-Trace-Id":"Root=1-69b30e3e-0123456789abcdef01234567","X-Forwarded-For":"203.0.113.9",
      "X-Forwarded-Port":"9000","X-Forwarded-Proto":"http"},
    "multiValueHeaders":{"Host":["abc123.execute-api.us-east-1.amazonaws.com"],"tEsT-HEADeR":["aValUE"],
      "X-Amzn-Trace-Id":["Root=1-69b30e3e-0123456789abcdef01234567"],"X-Forwarded-For":["203.0.113.9"],
      "X-Forwarded-Port":["9000"],"X-Forwarded-Proto":["http"]},
    "queryStringParameters":null,"multiValueQueryStringParameters":null,"pathParameters":{"id":"7"},
    "stageVariables":{"s":"v"},
    "requestContext":{"accountId":"123456789012","apiId":"abc123",
      "domainName":"abc123.execute-api.us-east-1.amazonaws.com","domainPrefix":"abc123",
      "extendedRequestId":"JKJaXmPLvHcESHA=","httpMethod":"GET",
      "identity":{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,
        "cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,
        "principalOrgId":null,"sourceIp":"203.0.113.9","user":null,"userAgent":null,"userArn":null},
      "path":"/stage/pets/7","protocol":"HTTP/1.1","requestId":"8f2f7a52-95a5-4b0d-9f3a-0123456789ab",
      "requestTime":"12/Mar/2026:19:03:58 +0000","requestTimeEpoch":1773342238390,"resourcePath":"/pets/{id}",
      "stage":"stage"},
    "body":null,"isBase64Encoded":false})"));
  // What an HTTP API has and a REST API has not.
  CHECK_FALSE(event.contains("version"));
}

// The next five: LocalStack's snapshot of AWS, test_lambda_aws_proxy_integration.

TEST_CASE("recorded: header names stay as they were sent, and there is no Content-Length") {
  rest_exchange exchange;
  exchange.fields.add("Accept", "*/*");
  exchange.fields.add("tEsT-HEADeR", "aValUE");
  exchange.fields.add("User-Agent", "python-requests/testing");
  exchange.fields.add("Authorization", "Bearer token123;API key456");
  exchange.fields.add("Content-Length", "26");
  exchange.post("application/json;charset=utf-8", R"({"message": "hello world"})");
  const json event = exchange.event();
  CHECK(event["headers"]["tEsT-HEADeR"] == "aValUE");
  CHECK(event["multiValueHeaders"]["tEsT-HEADeR"] == json{"aValUE"});
  CHECK(event["headers"]["Content-Type"] == "application/json;charset=utf-8");
  CHECK(event["headers"]["Authorization"] == "Bearer token123;API key456");
  CHECK_FALSE(event["headers"].contains("Content-Length"));
  CHECK_FALSE(event["multiValueHeaders"].contains("Content-Length"));
  CHECK(event["body"] == R"({"message": "hello world"})");
  CHECK(event["isBase64Encoded"] == false);
  CHECK(event["requestContext"]["identity"]["userAgent"] == "python-requests/testing");
  CHECK_FALSE(event["requestContext"].contains("authorizer"));
}

TEST_CASE("recorded: slashes at the end, inside and ahead of a path") {
  struct row {
    const char* sent;
    const char* path;
    const char* context_path;
    const char* proxy;
  };
  const row rows[] = {
      {"/proxy-value", "/proxy-value", "/stage/proxy-value", "proxy-value"},
      {"/proxy-value/", "/proxy-value/", "/stage/proxy-value/", "proxy-value"},
      {"/proxy-value//double-slash", "/proxy-value//double-slash", "/stage/proxy-value//double-slash",
       "proxy-value//double-slash"},
      {"//proxy-value", "/proxy-value", "/stage//proxy-value", "proxy-value"},
  };
  for (const auto& [sent, path, context_path, proxy] : rows) {
    CAPTURE(sent);
    rest_exchange exchange;
    exchange.route_proxy(sent);
    const json event = exchange.event();
    CHECK(event["path"] == path);
    CHECK(event["requestContext"]["path"] == context_path);
    CHECK(event["pathParameters"] == json{{"proxy", proxy}});
    CHECK(event["resource"] == "/{proxy+}");
  }
  rest_exchange hardcoded;
  hardcoded.context.stage_path = "//hardcoded";
  hardcoded.context.resource = "/hardcoded";
  hardcoded.context.path_parameters.clear();
  CHECK(hardcoded.event()["path"] == "/hardcoded");
  CHECK(hardcoded.event()["requestContext"]["path"] == "/stage//hardcoded");
  CHECK(hardcoded.event()["pathParameters"].is_null());
}

TEST_CASE("recorded: escapes in a path stay as they were sent") {
  rest_exchange exchange;
  const std::string path = "/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com";
  exchange.route_proxy(path);
  const json event = exchange.event();
  CHECK(event["path"] == path);
  CHECK(event["requestContext"]["path"] == "/stage" + path);
  CHECK(event["pathParameters"]["proxy"] == path.substr(1));
}

TEST_CASE("recorded: a query's values are decoded, a plus sign is a blank") {
  rest_exchange exchange;
  exchange.route_proxy("/proxy-value/api",
                       "dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com"
                       "&plus=test+alias@gmail.com&url=https://www.google.com/&whitespace=foo%20bar&zhash=abort/");
  const json expected = {{"dateTimeOffset", "2023-06-12T18:05:10.123456 00:00"},
                         {"email", "test+alias@gmail.com"},
                         {"plus", "test alias@gmail.com"},
                         {"url", "https://www.google.com/"},
                         {"whitespace", "foo bar"},
                         {"zhash", "abort/"}};
  CHECK(exchange.event()["queryStringParameters"] == expected);
}

TEST_CASE("recorded: of a repeated query parameter the last value counts, and all are in the other map") {
  rest_exchange exchange;
  exchange.route_proxy("/proxy-value", "category=electronics&category=books&price=10&price=20&price=30");
  const json event = exchange.event();
  CHECK(event["queryStringParameters"] == json{{"category", "books"}, {"price", "30"}});
  CHECK(event["multiValueQueryStringParameters"] ==
        json{{"category", {"electronics", "books"}}, {"price", {"10", "20", "30"}}});
}

TEST_CASE("a repeated header's last value counts, and all are in the other map") {
  rest_exchange exchange;
  exchange.fields.add("X-A", "1");
  exchange.fields.add("x-a", "2");
  CHECK(exchange.event()["headers"]["X-A"] == "2");
  CHECK(exchange.event()["multiValueHeaders"]["X-A"] == json{"1", "2"});
}

TEST_CASE("a body is base64 where a binary media type says so") {
  struct row {
    std::vector<std::string> types;
    const char* content_type;
    bool base64;
  };
  const row rows[] = {{{}, "application/octet-stream", false},
                      {{"*/*"}, "application/octet-stream", true},
                      {{"*/*"}, "application/json", true},
                      {{"*/*"}, "", true},
                      {{"image/png"}, "image/png", true},
                      {{"image/png"}, "image/jpeg", false},
                      {{"image/*"}, "image/jpeg", true},
                      {{"image/*"}, "", false},
                      {{"multipart/form-data"}, "multipart/form-data; boundary=x", true}};
  for (const auto& [types, content_type, base64] : rows) {
    CAPTURE(content_type);
    rest_exchange exchange;
    exchange.api.binary_media_types = types;
    exchange.post(content_type, "hello");
    CHECK(exchange.event()["isBase64Encoded"] == base64);
    CHECK(exchange.event()["body"] == (base64 ? "aGVsbG8=" : "hello"));
  }
  rest_exchange empty;
  empty.api.binary_media_types = {"*/*"};
  empty.post("image/png", "");
  CHECK(empty.event()["body"].is_null());
  CHECK(empty.event()["isBase64Encoded"] == false);
}

TEST_CASE("authorizers: context values are strings, beside principalId and integrationLatency") {
  rest_exchange exchange;
  web::authorization authorized;
  exchange.context.authorized = &authorized;
  authorized.kind = authorizer_kind::lambda_token;
  authorized.document = R"({"n":1,"t":true,"s":"x","z":null,"principalId":"not this"})";
  authorized.principal_id = "user";
  authorized.integration_latency = std::chrono::milliseconds(7);
  CHECK(exchange.event()["requestContext"]["authorizer"] ==
        json::parse(R"({"n":"1","t":"true","s":"x","principalId":"user","integrationLatency":7})"));
  authorized.document = "no JSON";
  CHECK(exchange.event()["requestContext"]["authorizer"] ==
        json::parse(R"({"principalId":"user","integrationLatency":7})"));
  authorized.kind = authorizer_kind::iam;
  authorized.document = R"({"accessKey":"AKIA","userArn":"arn"})";
  CHECK_FALSE(exchange.event()["requestContext"].contains("authorizer"));
  CHECK(exchange.event()["requestContext"]["identity"]["accessKey"] == "AKIA");
  authorized.kind = authorizer_kind::jwt;
  authorized.document = R"({"sub":"u"})";
  CHECK(exchange.event()["requestContext"]["authorizer"] == json::parse(R"({"claims":{"sub":"u"}})"));
}
