#include "emulator/web/cors.hpp"

#include <doctest/doctest.h>

namespace kelvin::web {
namespace {

cors_configuration everything() {
  cors_configuration cors;
  cors.allow_origins = {"https://a.example", "http://localhost:3000"};
  cors.allow_methods = {"GET", "POST"};
  cors.allow_headers = {"authorization", "x-one"};
  cors.expose_headers = {"x-two", "x-three"};
  cors.max_age = std::chrono::seconds(300);
  return cors;
}

/// One `name: value` a line.
std::string text_of(const web_response& answer) {
  std::string text = std::to_string(answer.status) + "\n";
  for (const auto& [name, value] : answer.fields)
    text += name + ": " + value + "\n";
  return text + std::string(answer.body.view());
}

std::string applied(const cors_configuration& cors, std::optional<std::string_view> origin,
                    std::vector<name_value> fields = {}) {
  web_response answer;
  answer.fields = std::move(fields);
  apply_cors(cors, origin, answer);
  return text_of(answer);
}

TEST_CASE("cors: a preflight is OPTIONS with Origin and Access-Control-Request-Method") {
  http::field_list fields;
  CHECK_FALSE(read_preflight("OPTIONS", fields).has_value());
  fields.add("Origin", "https://a.example");
  CHECK_FALSE(read_preflight("OPTIONS", fields).has_value());
  fields.add("access-control-request-method", "PUT");
  const auto asked = read_preflight("OPTIONS", fields);
  REQUIRE(asked.has_value());
  CHECK(asked->origin == "https://a.example");
  CHECK(asked->method == "PUT");
  CHECK(asked->headers.empty());
  CHECK_FALSE(read_preflight("GET", fields).has_value());
  CHECK_FALSE(read_preflight("options", fields).has_value());
  fields.add("Access-Control-Request-Headers", "x-one,x-two");
  CHECK(read_preflight("OPTIONS", fields)->headers == "x-one,x-two");
  http::field_list no_origin;
  no_origin.add("Access-Control-Request-Method", "PUT");
  CHECK_FALSE(read_preflight("OPTIONS", no_origin).has_value());
}

TEST_CASE("cors: the answer to a preflight is 204 without a body and has all that is configured") {
  CHECK(text_of(preflight_answer(everything(), {"https://a.example", "DELETE", "x-other"})) ==
        "204\n"
        "Access-Control-Allow-Origin: https://a.example\n"
        "Vary: Origin\n"
        "Access-Control-Allow-Methods: GET,POST\n"
        "Access-Control-Allow-Headers: authorization,x-one\n"
        "Access-Control-Expose-Headers: x-two,x-three\n"
        "Access-Control-Max-Age: 300\n");
  CHECK(text_of(preflight_answer(everything(), {"https://b.example", "GET", ""})) == "204\n");
  cors_configuration least;
  least.allow_origins = {"*"};
  CHECK(text_of(preflight_answer(least, {"null", "GET", "x"})) == "204\nAccess-Control-Allow-Origin: *\n");
  least.max_age = std::chrono::seconds(0);
  CHECK(text_of(preflight_answer(least, {"null", "GET", "x"})) ==
        "204\nAccess-Control-Allow-Origin: *\nAccess-Control-Max-Age: 0\n");
  CHECK(text_of(preflight_answer({}, {"https://a.example", "GET", ""})) == "204\n");
}

TEST_CASE("cors: where credentials are allowed no answer says *") {
  cors_configuration cors;
  cors.allow_credentials = true;
  cors.allow_origins = cors.allow_methods = cors.allow_headers = {"*"};
  CHECK(text_of(preflight_answer(cors, {"https://a.example", "PUT", "x-one, x-two"})) ==
        "204\n"
        "Access-Control-Allow-Origin: https://a.example\n"
        "Access-Control-Allow-Credentials: true\n"
        "Vary: Origin\n"
        "Access-Control-Allow-Methods: PUT\n"
        "Access-Control-Allow-Headers: x-one, x-two\n");
  cors.allow_credentials = false;
  CHECK(text_of(preflight_answer(cors, {"https://a.example", "PUT", "x-one"})) ==
        "204\n"
        "Access-Control-Allow-Origin: *\n"
        "Access-Control-Allow-Methods: *\n"
        "Access-Control-Allow-Headers: *\n");
}

TEST_CASE("cors: only a matching origin is echoed") {
  cors_configuration cors;
  const auto allowed = [&](std::vector<std::string> origins, std::string_view origin) {
    cors.allow_origins = std::move(origins);
    return applied(cors, origin);
  };
  const std::string none = "200\n";
  const auto echoed = [](const std::string& origin) {
    return "200\nAccess-Control-Allow-Origin: " + origin + "\nVary: Origin\n";
  };
  CHECK(allowed({"https://a.example"}, "https://a.example") == echoed("https://a.example"));
  for (const std::string_view other :
       {"http://a.example", "https://a.example:8443", "https://a.example.evil", "https://aXexample", "null", ""}) {
    CAPTURE(other);
    CHECK(allowed({"https://a.example"}, other) == none);
  }
  CHECK(allowed({"https://*"}, "https://any.example:1") == echoed("https://any.example:1"));
  CHECK(allowed({"https://*"}, "http://any.example") == none);
  CHECK(allowed({"https://*"}, "https://") == none);
  CHECK(allowed({"http://*"}, "http://localhost:3000") == echoed("http://localhost:3000"));
  CHECK(allowed({"http://*"}, "https://localhost") == none);
  CHECK(allowed({"ftp://*"}, "ftp://x") == none);
  CHECK(allowed({"https://a.example", "*"}, "https://b.example") == "200\nAccess-Control-Allow-Origin: *\n");
  CHECK(allowed({}, "https://a.example") == none);
}

TEST_CASE("cors: the function's own CORS fields are dropped, and replaced for an allowed origin") {
  const std::vector<name_value> own = {{"X-Kept", "1"},
                                       {"access-control-allow-origin", "*"},
                                       {"Access-Control-Allow-Credentials", "true"},
                                       {"ACCESS-CONTROL-ALLOW-METHODS", "PUT"},
                                       {"Access-Control-Allow-Headers", "x"},
                                       {"Access-Control-Expose-Headers", "y"},
                                       {"access-control-max-age", "5"},
                                       {"Vary", "Accept"}};
  CHECK(applied(everything(), std::nullopt, own) == "200\nX-Kept: 1\nVary: Accept\n");
  CHECK(applied(everything(), "https://b.example", own) == "200\nX-Kept: 1\nVary: Accept\n");
  CHECK(applied(everything(), "https://a.example", own) ==
        "200\nX-Kept: 1\nVary: Accept\n"
        "Access-Control-Allow-Origin: https://a.example\n"
        "Vary: Origin\n"
        "Access-Control-Expose-Headers: x-two,x-three\n");
  CHECK(applied(everything(), "https://a.example", {{"vary", "origin"}}) ==
        "200\nvary: origin\n"
        "Access-Control-Allow-Origin: https://a.example\n"
        "Access-Control-Expose-Headers: x-two,x-three\n");
}

}  // namespace
}  // namespace kelvin::web
