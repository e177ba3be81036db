#include "emulator/frontdoor/http_api/to_event.hpp"
#include "tests/support/web_exchange.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using kelvin::test::web_exchange;
using json = nlohmann::json;

namespace {

json event_2_0(const web_exchange& exchange) {
  return test::parsed(frontdoor::http_api::to_event(exchange.request, exchange.context, payload_version::v2));
}

json event_1_0(const web_exchange& exchange) {
  return test::parsed(frontdoor::http_api::to_event(exchange.request, exchange.context, payload_version::v1));
}

/// A request for a path below `/{proxy+}`, as the routes hand it over.
void route_proxy(web_exchange& exchange, std::string_view path, std::string_view query = {}) {
  exchange.request.raw_path = path;
  exchange.request.raw_query = query;
  exchange.context.stage_path = path;
  exchange.context.resource = "/{proxy+}";
  exchange.context.path_parameters = {{"proxy", std::string(path.substr(1))}};
}

}  // namespace

TEST_CASE("2.0: every key of an event") {
  web_exchange exchange;
  exchange.fields.add("Accept", "*/*");
  exchange.fields.add("User-Agent", "curl/8");
  exchange.fields.add("Cookie", "k=v; z=1");
  exchange.request.raw_query = "a=1&a=2&b=x";
  exchange.stage_variables = {{"s", "v"}};
  exchange.post("application/json", R"({"q":"\u00fc"})");
  exchange.context.method = "POST";
  CHECK(event_2_0(exchange) == json::parse(R"({"version":"2.0","routeKey":"POST /pets/{id}","rawPath":"/pets/7",
    "rawQueryString":"a=1&a=2&b=x","cookies":["k=v","z=1"],
    "headers":{"host":"abc123.execute-api.us-east-1.amazonaws.com","accept":"*/*","user-agent":"curl/8",
      "content-type":"application/json","content-length":"14",
      "x-amzn-trace-id":"Root=1-69b30e3e-0123456789abcdef01234567","x-forwarded-for":"203.0.113.9",
      "x-forwarded-port":"9000","x-forwarded-proto":"http"},
    "queryStringParameters":{"a":"1,2","b":"x"},"pathParameters":{"id":"7"},"stageVariables":{"s":"v"},
    "requestContext":{"accountId":"123456789012","apiId":"abc123",
      "domainName":"abc123.execute-api.us-east-1.amazonaws.com","domainPrefix":"abc123",
      "http":{"method":"POST","path":"/pets/7","protocol":"HTTP/1.1","sourceIp":"203.0.113.9","userAgent":"curl/8"},
      "requestId":"JKJaXmPLvHcESHA=","routeKey":"POST /pets/{id}","stage":"$default",
      "time":"12/Mar/2026:19:03:58 +0000","timeEpoch":1773342238390},
    "body":"{\"q\":\"\\u00fc\"}","isBase64Encoded":false})"));
}

TEST_CASE("2.0: what there is none of is left out") {
  web_exchange exchange;
  exchange.context.path_parameters.clear();
  const json event = event_2_0(exchange);
  for (const char* key : {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"}) {
    CHECK_FALSE(event.contains(key));
  }
  CHECK(event["isBase64Encoded"] == false);
  CHECK(event["rawQueryString"] == "");
  CHECK(event["requestContext"]["http"]["userAgent"] == "");
  CHECK_FALSE(event["requestContext"].contains("authorizer"));
  // By these lambda_http would take it for the event of a REST API.
  CHECK_FALSE(event.contains("httpMethod"));
  exchange.context.stage_variables = nullptr;
  CHECK_FALSE(event_2_0(exchange).contains("stageVariables"));
}

TEST_CASE("1.0: every key of an event") {
  web_exchange exchange;
  exchange.fields.add("user-agent", "curl/8");
  exchange.fields.add("x-multi", "1");
  exchange.fields.add("X-Multi", "2");
  exchange.request.raw_query = "a=1&a=2&b=x";
  exchange.stage_variables = {{"s", "v"}};
  CHECK(event_1_0(exchange) == json::parse(R"({"version":"1.0","resource":"/pets/{id}","path":"/pets/7",
    "httpMethod":"GET",
    "headers":{"Host":"abc123.execute-api.us-east-1.amazonaws.com","User-Agent":"curl/8","X-Multi":"2",
      "Content-Length":"0","X-Amzn-Trace-Id":"Root=1-69b30e3e-0123456789abcdef01234567",
      "X-Forwarded-For":"203.0.113.9","X-Forwarded-Port":"9000","X-Forwarded-Proto":"http"},
    "multiValueHeaders":{"Host":["abc123.execute-api.us-east-1.amazonaws.com"],"User-Agent":["curl/8"],
      "X-Multi":["1","2"],"Content-Length":["0"],
      "X-Amzn-Trace-Id":["Root=1-69b30e3e-0123456789abcdef01234567"],"X-Forwarded-For":["203.0.113.9"],
      "X-Forwarded-Port":["9000"],"X-Forwarded-Proto":["http"]},
    "queryStringParameters":{"a":"2","b":"x"},"multiValueQueryStringParameters":{"a":["1","2"],"b":["x"]},
    "requestContext":{"accountId":"123456789012","apiId":"abc123","authorizer":{"claims":null,"scopes":null},
      "domainName":"abc123.execute-api.us-east-1.amazonaws.com","domainPrefix":"abc123",
      "extendedRequestId":"JKJaXmPLvHcESHA=","httpMethod":"GET",
      "identity":{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,
        "cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,
        "principalOrgId":null,"sourceIp":"203.0.113.9","user":null,"userAgent":"curl/8","userArn":null},
      "path":"/pets/7","protocol":"HTTP/1.1","requestId":"JKJaXmPLvHcESHA=",
      "requestTime":"12/Mar/2026:19:03:58 +0000","requestTimeEpoch":1773342238390,
      "resourceId":"GET /pets/{id}","resourcePath":"/pets/{id}","stage":"$default"},
    "pathParameters":{"id":"7"},"stageVariables":{"s":"v"},"body":null,"isBase64Encoded":false})"));
}

TEST_CASE("1.0: what there is none of is null") {
  web_exchange exchange;
  exchange.context.path_parameters.clear();
  const json event = event_1_0(exchange);
  for (const char* key :
       {"queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body"}) {
    CHECK(event[key].is_null());
  }
  CHECK(event["requestContext"]["identity"]["userAgent"] == "");
}

// Recorded on AWS by the .NET Lambda test tool, version 2: a path with escapes, and a query with them.
TEST_CASE("paths: 2.0 decodes all of them, 1.0 those of the context") {
  web_exchange exchange;
  route_proxy(exchange, "/u/A%20B/%E2%98%95", "q=A%20B&t=C%23&t=D");
  const json newer = event_2_0(exchange);
  CHECK(newer["rawPath"] == "/u/A B/\xE2\x98\x95");
  CHECK(newer["requestContext"]["http"]["path"] == "/u/A B/\xE2\x98\x95");
  CHECK(newer["pathParameters"]["proxy"] == "u/A B/\xE2\x98\x95");
  CHECK(newer["rawQueryString"] == "q=A%20B&t=C%23&t=D");
  CHECK(newer["queryStringParameters"] == json{{"q", "A B"}, {"t", "C#,D"}});
  const json older = event_1_0(exchange);
  CHECK(older["path"] == "/u/A%20B/%E2%98%95");
  CHECK(older["requestContext"]["path"] == "/u/A B/\xE2\x98\x95");
  CHECK(older["pathParameters"]["proxy"] == "u/A B/\xE2\x98\x95");
  CHECK(older["queryStringParameters"] == json{{"q", "A B"}, {"t", "D"}});
  CHECK(older["multiValueQueryStringParameters"]["t"] == json{"C#", "D"});
}

TEST_CASE("paths: a named stage is part of them, $default is not") {
  web_exchange exchange;
  exchange.context.stage = "prod";
  exchange.request.raw_path = "/prod/pets/7";
  CHECK(event_2_0(exchange)["rawPath"] == "/prod/pets/7");
  CHECK(event_2_0(exchange)["requestContext"]["http"]["path"] == "/prod/pets/7");
  CHECK(event_1_0(exchange)["path"] == "/prod/pets/7");
  CHECK(event_1_0(exchange)["requestContext"]["stage"] == "prod");
  // The stage was chosen by kelvin's own prefix, and is not in the path that was sent.
  exchange.request.raw_path = "/pets/7";
  CHECK(event_2_0(exchange)["rawPath"] == "/prod/pets/7");
}

TEST_CASE("route keys: a method, ANY, or $default") {
  web_exchange exchange;
  exchange.context.method = "ANY";
  CHECK(event_2_0(exchange)["routeKey"] == "ANY /pets/{id}");
  exchange.context.resource = "$default";
  exchange.context.path_parameters.clear();
  const json event = event_2_0(exchange);
  CHECK(event["routeKey"] == "$default");
  CHECK(event["requestContext"]["routeKey"] == "$default");
  CHECK(event["requestContext"]["http"]["method"] == "GET");
  CHECK_FALSE(event.contains("pathParameters"));
  CHECK(event_1_0(exchange)["resource"] == "$default");
  CHECK(event_1_0(exchange)["requestContext"]["resourceId"] == "$default");
}

TEST_CASE("bodies: text by content type, else base64, in both formats") {
  const std::pair<const char*, bool> rows[] = {{"text/html; charset=utf-8", false},
                                               {"application/json", false},
                                               {"Application/JSON", false},
                                               {"application/xml", false},
                                               {"application/javascript", false},
                                               {"application/x-www-form-urlencoded", true},
                                               {"application/problem+json", true},
                                               {"image/svg+xml", true},
                                               {"multipart/form-data; boundary=x", true},
                                               {"application/octet-stream", true},
                                               {"", true}};
  for (const auto& [type, base64] : rows) {
    CAPTURE(type);
    web_exchange exchange;
    exchange.post(type, "hello");
    for (const json& event : {event_2_0(exchange), event_1_0(exchange)}) {
      CHECK(event["isBase64Encoded"] == base64);
      CHECK(event["body"] == (base64 ? "aGVsbG8=" : "hello"));
    }
  }
}

// Recorded on AWS by the .NET Lambda test tool, version 2: a POST without a body.
TEST_CASE("bodies: an empty one is null or left out, and its length is 0") {
  web_exchange exchange;
  exchange.post("application/octet-stream", "");
  const json newer = event_2_0(exchange);
  CHECK_FALSE(newer.contains("body"));
  CHECK(newer["isBase64Encoded"] == false);
  CHECK(newer["headers"]["content-length"] == "0");
  const json older = event_1_0(exchange);
  CHECK(older["body"].is_null());
  CHECK(older["isBase64Encoded"] == false);
  CHECK(older["headers"]["Content-Length"] == "0");
}

// Recorded on AWS by the .NET Lambda test tool, version 2: `Cookie: a=1; b=2`.
TEST_CASE("cookies: an array in 2.0 and no header, a header in 1.0") {
  web_exchange exchange;
  exchange.fields.add("Cookie", "a=1; b=2");
  CHECK(event_2_0(exchange)["cookies"] == json{"a=1", "b=2"});
  CHECK_FALSE(event_2_0(exchange)["headers"].contains("cookie"));
  CHECK(event_1_0(exchange)["headers"]["Cookie"] == "a=1; b=2");
  CHECK_FALSE(event_1_0(exchange).contains("cookies"));
}

TEST_CASE("authorizers: what they found out is in the context") {
  web_exchange exchange;
  web::authorization authorized;
  exchange.context.authorized = &authorized;
  authorized.document = R"({"sub":"u1"})";
  CHECK(event_2_0(exchange)["requestContext"]["authorizer"] ==
        json::parse(R"({"jwt":{"claims":{"sub":"u1"},"scopes":null}})"));
  authorized.scopes = {"read", "write"};
  CHECK(event_2_0(exchange)["requestContext"]["authorizer"]["jwt"]["scopes"] == json{"read", "write"});
  CHECK(event_1_0(exchange)["requestContext"]["authorizer"] ==
        json::parse(R"({"claims":{"sub":"u1"},"scopes":["read","write"]})"));

  authorized.kind = authorizer_kind::lambda_request;
  authorized.document = R"({"n":1.5,"t":true,"s":"x","z":null})";
  authorized.principal_id = "user";
  authorized.integration_latency = std::chrono::milliseconds(12);
  CHECK(event_2_0(exchange)["requestContext"]["authorizer"] ==
        json::parse(R"({"lambda":{"n":1.5,"t":true,"s":"x","z":null}})"));
  CHECK(event_1_0(exchange)["requestContext"]["authorizer"] ==
        json::parse(R"({"n":"1.5","t":"true","s":"x","principalId":"user","integrationLatency":12})"));

  authorized.kind = authorizer_kind::iam;
  authorized.document =
      R"({"accessKey":"AKIA","accountId":"1","callerId":"c","cognitoIdentity":null,"userArn":"arn","userId":"u"})";
  CHECK(event_2_0(exchange)["requestContext"]["authorizer"]["iam"] == json::parse(authorized.document));
  const json identity = event_1_0(exchange)["requestContext"]["identity"];
  CHECK(identity["accessKey"] == "AKIA");
  CHECK(identity["caller"] == "c");
  CHECK(identity["user"] == "u");
  CHECK(identity["userArn"] == "arn");
  CHECK(identity["principalOrgId"].is_null());
}

TEST_CASE("an old protocol is named") {
  web_exchange exchange;
  exchange.request.http_1_0 = true;
  CHECK(event_2_0(exchange)["requestContext"]["http"]["protocol"] == "HTTP/1.0");
  CHECK(event_1_0(exchange)["requestContext"]["protocol"] == "HTTP/1.0");
}
