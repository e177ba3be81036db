#include "emulator/frontdoor/alb/to_event.hpp"
#include "emulator/frontdoor/alb/to_response.hpp"
#include "runtime-api/base/limits.hpp"
#include "tests/support/web_exchange.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>

using namespace kelvin;
using namespace kelvin::frontdoor::alb;
using kelvin::test::body;
using kelvin::test::field;
using json = nlohmann::json;

namespace {

json event_of(const test::web_exchange& exchange) {
  return test::parsed(to_event(exchange.request, exchange.context));
}

web::web_response answer(invocation_outcome outcome, bool multi_value_headers = false) {
  test::web_exchange exchange;
  exchange.api.multi_value_headers = multi_value_headers;
  return to_response(std::move(outcome), exchange.request, exchange.context, request_id());
}

bool is_502(const web::web_response& response) {
  return response.status == 502 && field(response, "Content-Type") == "text/html" &&
         body(response).find("<h1>502 Bad Gateway</h1>") != std::string::npos;
}

}  // namespace

TEST_CASE("every key of an event") {
  test::web_exchange exchange;
  exchange.fields.add("X-Multi", "1");
  exchange.fields.add("x-multi", "2");
  exchange.fields.add("Cookie", "a=1; b=2");
  exchange.request.raw_query = "q=A%20B&t=C+D&t=E";
  exchange.request.raw_path = "/a%20b";
  json event = event_of(exchange);
  CHECK(
      std::regex_match(event["requestContext"]["elb"]["targetGroupArn"].get<std::string>(),
                       std::regex("arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/abc123/[a-z0-9]+")));
  event.erase("requestContext");
  CHECK(event == json::parse(R"({"httpMethod":"GET","path":"/a%20b",
    "queryStringParameters":{"q":"A%20B","t":"E"},
    "headers":{"host":"abc123.execute-api.us-east-1.amazonaws.com","x-multi":"2","cookie":"a=1; b=2",
      "x-amzn-trace-id":"Root=1-69b30e3e-0123456789abcdef01234567","x-forwarded-for":"203.0.113.9",
      "x-forwarded-port":"9000","x-forwarded-proto":"http"},
    "body":"","isBase64Encoded":false})"));
}

TEST_CASE("multi-value mode has the other maps, and not the single ones") {
  test::web_exchange exchange;
  exchange.api.multi_value_headers = true;
  exchange.fields.add("X-Multi", "1");
  exchange.fields.add("x-multi", "2");
  exchange.request.raw_query = "t=C%23&t=D";
  const json event = event_of(exchange);
  CHECK(event["multiValueHeaders"]["x-multi"] == json{"1", "2"});
  CHECK(event["multiValueQueryStringParameters"] == json::parse(R"({"t":["C%23","D"]})"));
  CHECK_FALSE(event.contains("headers"));
  CHECK_FALSE(event.contains("queryStringParameters"));
}

TEST_CASE("without a query its map is empty") {
  test::web_exchange exchange;
  CHECK(event_of(exchange)["queryStringParameters"] == json::object());
  exchange.api.multi_value_headers = true;
  CHECK(event_of(exchange)["multiValueQueryStringParameters"] == json::object());
}

TEST_CASE("a body is base64 when it is encoded or no text") {
  const std::pair<const char*, bool> rows[] = {{"text/html; charset=utf-8", false},
                                               {"application/json", false},
                                               {"application/javascript", false},
                                               {"application/xml", false},
                                               {"application/problem+json", true},
                                               {"image/png", true},
                                               {"", true}};
  for (const auto& [type, base64] : rows) {
    CAPTURE(type);
    test::web_exchange exchange;
    exchange.post(type, "hello");
    CHECK(event_of(exchange)["isBase64Encoded"] == base64);
    CHECK(event_of(exchange)["body"] == (base64 ? "aGVsbG8=" : "hello"));
  }
  test::web_exchange encoded;
  encoded.fields.add("Content-Encoding", "gzip");
  encoded.post("application/json", "hello");
  CHECK(event_of(encoded)["isBase64Encoded"] == true);
}

TEST_CASE("an answer has a status, its header fields and a body") {
  const auto response = answer(test::success(R"({"statusCode":201,"statusDescription":"201 Created",
    "headers":{"content-type":"text/plain","X-A":"1","Connection":"close","Transfer-Encoding":"chunked",
    "Content-Length":"99"},"multiValueHeaders":{"X-B":["2"]},"body":"made","isBase64Encoded":false})"));
  CHECK(response.status == 201);
  CHECK(body(response) == "made");
  CHECK(field(response, "content-type") == "text/plain");
  CHECK(field(response, "X-A") == "1");
  for (const char* gone : {"Connection", "Transfer-Encoding", "Content-Length", "X-B"}) {
    CHECK(field(response, gone) == "none");
  }
  CHECK(body(answer(test::success(R"({"statusCode":200,"body":"AP8=","isBase64Encoded":true})"))) ==
        std::string("\0\xff", 2));
  const auto bare = answer(test::success(R"({"statusCode":200,"headers":{}})"));
  CHECK(bare.body.empty());
  CHECK(field(bare, "Content-Type") == "application/octet-stream");
}

TEST_CASE("multi-value mode takes multiValueHeaders alone") {
  // As lambda_http answers: both maps.
  const auto response = answer(
      test::success(R"({"statusCode":200,"headers":{"X-A":"2"},"multiValueHeaders":{"X-A":["1","2"]},"body":""})"),
      true);
  CHECK(field(response, "X-A") == "1 | 2");
  CHECK(field(answer(test::success(R"({"statusCode":200,"headers":{"X-A":"2"}})"), true), "X-A") == "none");
}

TEST_CASE("answers of another shape are 502") {
  for (const char* posted :
       {"", "Hello", "null", "[]", "{}", "\"x\"", R"({"headers":{},"body":"x"})", R"({"statusCode":"abc"})",
        R"({"statusCode":0})", R"({"statusCode":200,"headers":[]})", R"({"statusCode":200,"body":{}})",
        R"({"statusCode":200,"statusDescription":5})", R"({"statusCode":200,"body":"!","isBase64Encoded":true})"}) {
    CAPTURE(posted);
    CHECK(is_502(answer(test::success(posted))));
  }
}

TEST_CASE("an answer is at most 1 MB") {
  const std::string frame = R"({"statusCode":200,"body":""})";
  const auto of_size = [&](std::size_t size) {
    return R"({"statusCode":200,"body":")" + std::string(size - frame.size(), 'x') + "\"}";
  };
  CHECK(answer(test::success(of_size(limits::load_balancer_bytes))).status == 200);
  CHECK(is_502(answer(test::success(of_size(limits::load_balancer_bytes + 1)))));
}

TEST_CASE("whatever is no success is 502") {
  CHECK(is_502(answer(test::failed())));
  CHECK(is_502(answer(test::refused())));
  CHECK(is_502(answer(test::broken())));
}

TEST_CASE("the load balancer's own answers are pages") {
  struct row {
    own_error error;
    unsigned status;
    const char* title;
  };
  const row rows[] = {{own_error::bad_request, 400, "400 Bad Request"},
                      {own_error::request_too_large, 413, "413 Request Entity Too Large"},
                      {own_error::bad_gateway, 502, "502 Bad Gateway"}};
  const test::web_exchange exchange;
  for (const auto& [error, status, title] : rows) {
    const auto response = error_answer(error, exchange.context);
    CHECK(response.status == status);
    CHECK(body(response) == "<html>\r\n<head><title>" + std::string(title) +
                                "</title></head>\r\n<body>\r\n<center><h1>" + title +
                                "</h1></center>\r\n</body>\r\n</html>\r\n");
    CHECK(field(response, "Server") == "awselb/2.0");
  }
}
