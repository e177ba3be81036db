#include "emulator/frontdoor/rest_api/to_response.hpp"
#include "tests/support/web_exchange.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace kelvin::frontdoor::rest_api;
using kelvin::test::body;
using kelvin::test::field;

namespace {

const std::string malformed = R"({"message": "Internal server error"})";
const std::string id = "JKJaXmPLvHcESHA=";

web::web_response answer(std::string_view posted, std::vector<std::string> binary_media_types = {},
                         std::string_view accept = {}) {
  test::web_exchange exchange;
  exchange.api.binary_media_types = std::move(binary_media_types);
  if (!accept.empty()) {
    exchange.fields.add("Accept", accept);
  }
  return to_response(test::success(posted), exchange.request, exchange.context, request_id());
}

bool is_502(const web::web_response& response) {
  return response.status == 502 && body(response) == malformed && body(response).size() == 36 &&
         field(response, "Content-Type") == "application/json" &&
         field(response, "x-amzn-ErrorType") == "InternalServerErrorException" &&
         field(response, "X-Amzn-Trace-Id") == "none";
}

}  // namespace

// The cases with "recorded" in their names: LocalStack's snapshot of AWS,
// test_aws_proxy_response_payload_format_validation, which holds the answers; what the functions posted is told by the
// names of its cases. Status 0 and 201: the .NET Lambda test tool, version 2. A status of 200.5 is unconfirmed.

TEST_CASE("recorded: an answer without a body, and the gateway's own fields") {
  const auto response = answer(R"({"statusCode":200,"headers":{"test-header":"value","header-bool":true}})");
  CHECK(response.status == 200);
  CHECK(response.body.empty());
  CHECK(field(response, "Content-Type") == "application/json");
  CHECK(field(response, "header-bool") == "true");
  CHECK(field(response, "test-header") == "value");
  CHECK(field(response, "x-amzn-RequestId") == id);
  CHECK(field(response, "x-amz-apigw-id") == id);
  CHECK(field(response, "X-Amzn-Trace-Id") == "Root=1-69b30e3e-0123456789abcdef01234567");
}

TEST_CASE("recorded: headers may be null, or all there is") {
  CHECK(answer(R"({"statusCode":200,"headers":null})").status == 200);
  CHECK(field(answer(R"({"statusCode":200,"headers":null})"), "Content-Type") == "application/json");
  CHECK(answer(R"({"headers":{"test-header":"value"}})").status == 200);
  CHECK(answer(R"({"statusCode":200,"body":null})").body.empty());
}

TEST_CASE("recorded: an unknown key, no key and a bare string are 502") {
  CHECK(is_502(answer(R"({"statusCode":200,"wrong":"format"})")));
  CHECK(is_502(answer("{}")));
  CHECK(is_502(answer("\"just a string\"")));
}

TEST_CASE("recorded: base64 goes out as it is without binary media types") {
  CHECK(body(answer(R"({"statusCode":200,"isBase64Encoded":true,"body":"dGVzdC1kYXRh"})")) == "dGVzdC1kYXRh");
  CHECK(body(answer(R"({"statusCode":200,"isBase64Encoded":false,"body":"dGVzdC1kYXRh"})")) == "dGVzdC1kYXRh");
}

TEST_CASE("recorded: headers and multiValueHeaders are one list, each value once, the many first") {
  CHECK(field(answer(R"({"statusCode":200,"multiValueHeaders":{"test-multi":["value1","value2"]}})"), "test-multi") ==
        "value1 | value2");
  CHECK(field(answer(R"({"statusCode":200,"headers":{"test-multi":"value-solo"},
    "multiValueHeaders":{"test-multi":["value-multi"]}})"),
              "test-multi") == "value-multi | value-solo");
  const auto casing = answer(R"({"statusCode":200,"headers":{"test-multi":"value-solo"},
    "multiValueHeaders":{"tesT-Multi":["value-multi"]}})");
  CHECK(field(casing, "tesT-Multi") == "value-multi | value-solo");
  CHECK(field(casing, "test-multi") == "none");
  CHECK(field(answer(R"({"statusCode":200,"headers":{"A":"1"},"multiValueHeaders":{"a":["1","2","1"]}})"), "a") ==
        "1 | 2");
}

TEST_CASE("recorded: a value of multiValueHeaders that is no array is 502") {
  CHECK(is_502(answer(R"({"statusCode":200,"multiValueHeaders":{"test-multi":"value-multi"}})")));
}

TEST_CASE("recorded: a status may be a string of a number, and nothing else") {
  CHECK(answer(R"({"statusCode":"200"})").status == 200);
  CHECK(is_502(answer(R"({"statusCode":"wrong"})")));
  CHECK(is_502(answer(R"({"statusCode":0})")));
  CHECK(is_502(answer(R"({"statusCode":200.5})")));
  CHECK(answer(R"({"statusCode":201,"body":"made"})").status == 201);
}

TEST_CASE("names, values and types of header fields stay as they are") {
  const auto response = answer(R"({"statusCode":200,"headers":{"myheader":"a,b","content-type":"application/xml"}})");
  CHECK(field(response, "myheader") == "a,b");
  CHECK(field(response, "content-type") == "application/xml");
  CHECK(field(response, "Content-Type") == "none");
  CHECK(field(answer(R"({"statusCode":200,"multiValueHeaders":{"X":["1"]}})"), "Content-Type") == "application/json");
}

TEST_CASE("answers of another shape are 502") {
  for (const char* posted :
       {"[1, 2]", "42", "true", "null", "", "Hello", "{\"a\":", "\"\"", R"({"a":1})",
        R"({"statusCode":200,"headers":"x"})", R"({"statusCode":200,"headers":{"A":["1"]}})",
        R"({"statusCode":200,"body":{"a":1}})", R"({"statusCode":200,"body":5})",
        R"({"statusCode":200,"isBase64Encoded":"true"})", R"({"statusCode":200,"statusDescription":"200 OK"})"}) {
    CAPTURE(posted);
    CHECK(is_502(answer(posted)));
  }
}

TEST_CASE("cookies and base64Encoded are keys without harm") {
  const auto response = answer(R"({"statusCode":200,"cookies":["a=1"],"base64Encoded":false,"body":"x"})");
  CHECK(response.status == 200);
  CHECK(field(response, "Set-Cookie") == "none");
  CHECK(body(response) == "x");
}

TEST_CASE("base64 is decoded where the first type of Accept is binary") {
  const char* posted = R"({"statusCode":200,"isBase64Encoded":true,"body":"AP8="})";
  struct row {
    std::vector<std::string> types;
    const char* accept;
    bool decoded;
  };
  const row rows[] = {{{"image/png"}, "image/png", true},
                      {{"image/png"}, "image/png;q=0.9, text/html", true},
                      {{"image/png"}, "text/html, image/png", false},
                      {{"image/png"}, "*/*", false},
                      {{"image/png"}, "", false},
                      {{"image/*"}, "image/webp,*/*", true},
                      {{"*/*"}, "*/*", true},
                      {{"*/*"}, "", true}};
  for (const auto& [types, accept, decoded] : rows) {
    CAPTURE(accept);
    CHECK(body(answer(posted, types, accept)) == (decoded ? std::string("\0\xff", 2) : "AP8="));
  }
  const auto broken = answer(R"({"statusCode":200,"isBase64Encoded":true,"body":"!"})", {"*/*"});
  CHECK(broken.status == 500);
  CHECK(body(broken) == R"({"message":"Internal server error"})");
}

TEST_CASE("some header fields are sent under another name") {
  const auto response = answer(R"({"statusCode":401,"headers":{"WWW-Authenticate":"Basic","Date":"now","Server":"s",
    "Connection":"close","content-length":"9","Authorization":"x","Transfer-Encoding":"chunked"}})");
  for (const char* name :
       {"WWW-Authenticate", "Date", "Server", "Connection", "content-length", "Authorization", "Transfer-Encoding"}) {
    CHECK(field(response, name) == "none");
    CHECK(field(response, "x-amzn-Remapped-" + std::string(name)) != "none");
  }
}

TEST_CASE("the trace of the invocation is told") {
  const test::web_exchange exchange;
  invocation_outcome outcome = test::success(R"({"statusCode":200})");
  outcome.trace_id = "Root=1-2-3;Parent=4;Sampled=0;Lineage=1:0123abcd:0";
  const auto response = to_response(std::move(outcome), exchange.request, exchange.context, request_id());
  CHECK(field(response, "X-Amzn-Trace-Id") == "Root=1-2-3;Parent=4;Sampled=0;Lineage=1:0123abcd:0");
}

TEST_CASE("a function error is 502, a throttle and a failure of ours 500") {
  const test::web_exchange exchange;
  const auto make = [&](invocation_outcome outcome) {
    return to_response(std::move(outcome), exchange.request, exchange.context, request_id());
  };
  CHECK(is_502(make(test::failed())));
  for (const auto& refused : {test::refused, test::broken}) {
    CHECK(make(refused()).status == 500);
    CHECK(body(make(refused())) == R"({"message":"Internal server error"})");
  }
}

TEST_CASE("a streamed answer's head") {
  const test::web_exchange exchange;
  web::stream_prelude prelude;
  prelude.status = 201;
  prelude.fields = {{"X-A", "s"}, {"Server", "mine"}};
  prelude.multi_value_fields = {{"x-a", "m"}};
  prelude.cookies = {"a=1", "b=2"};
  const auto head = to_stream_head(std::move(prelude), exchange.request, exchange.context);
  CHECK(head.status == 201);
  CHECK(field(head, "x-a") == "m | s");
  CHECK(field(head, "Set-Cookie") == "a=1 | b=2");
  CHECK(field(head, "x-amzn-Remapped-Server") == "mine");
  CHECK(field(head, "Content-Type") == "application/json");
  CHECK(field(head, "x-amzn-RequestId") == id);
  CHECK(field(head, "x-amz-apigw-id") == id);
  CHECK(head.body.empty());
}

TEST_CASE("a mock answers without a function") {
  const test::web_exchange exchange;
  const auto response = mock_answer({204, {{"Access-Control-Allow-Origin", "*"}}}, exchange.context);
  CHECK(response.status == 204);
  CHECK(field(response, "Access-Control-Allow-Origin") == "*");
  CHECK(field(response, "x-amzn-RequestId") == id);
  CHECK(response.body.empty());
}

TEST_CASE("the gateway's own answers") {
  struct row {
    own_error error;
    unsigned status;
    const char* text;
    const char* type;
  };
  const row rows[] = {
      {own_error::invalid_body, 400, R"({"message": "Invalid request body"})", "BadRequestException"},
      {own_error::unauthorized, 401, R"({"message":"Unauthorized"})", "UnauthorizedException"},
      {own_error::missing_token, 403, R"({"message":"Missing Authentication Token"})",
       "MissingAuthenticationTokenException"},
      {own_error::denied, 403, R"({"Message":"User is not authorized to access this resource"})",
       "AccessDeniedException"},
      {own_error::denied_explicitly, 403,
       R"({"Message":"User is not authorized to access this resource with an explicit deny"})",
       "AccessDeniedException"},
      {own_error::api_key, 403, R"({"message":"Forbidden"})", "ForbiddenException"},
      {own_error::request_too_large, 413, R"({"message":"Request Too Long"})", "RequestTooLargeException"},
      {own_error::uri_too_long, 414, R"({"message":"Request-URI Too Long"})", "BadRequestException"},
      {own_error::unsupported_media_type, 415, R"({"message":"Unsupported Media Type"})", "BadRequestException"},
      {own_error::throttled, 429, R"({"message":"Too Many Requests"})", "TooManyRequestsException"},
      {own_error::header_too_large, 431, R"({"message":"Request Header Fields Too Large"})", "BadRequestException"},
      {own_error::invoke_refused, 500, R"({"message":"Internal server error"})", "InternalServerErrorException"},
      {own_error::configuration, 500, R"({"message":"Internal server error"})", "InternalServerErrorException"},
      {own_error::authorizer_failed, 500, R"({"message":null})", "AuthorizerConfigurationException"},
      {own_error::malformed_answer, 502, R"({"message": "Internal server error"})", "InternalServerErrorException"},
      {own_error::timed_out, 504, R"({"message": "Endpoint request timed out"})", "InternalServerErrorException"}};
  const test::web_exchange exchange;
  for (const auto& [error, status, text, type] : rows) {
    CAPTURE(text);
    const auto response = error_answer(error, exchange.context);
    CHECK(response.status == status);
    CHECK(body(response) == text);
    CHECK(field(response, "x-amzn-ErrorType") == type);
    CHECK(field(response, "Content-Type") == "application/json");
    CHECK(field(response, "x-amzn-RequestId") == id);
    CHECK(field(response, "x-amz-apigw-id") == id);
  }
}
