#include "emulator/web/function_answer.hpp"
#include "emulator/web/answer_parts.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace kelvin::web;

namespace {

std::string compact(std::string_view json) {
  payload to("x");
  append_compact_json(to, json);
  return std::string(to.view().substr(1));
}

/// The fields as `name: value\n`, or `malformed`.
std::string fields_of(std::string_view json, field_values shape) {
  const std::string answer_text = "{\"headers\":" + std::string(json) + "}";
  const function_answer answer = read_function_answer(answer_text);
  std::vector<name_value> fields;
  if (!append_fields(fields, answer.headers, shape)) {
    return "malformed";
  }
  std::string text;
  for (const name_value& field : fields) {
    text += field.name + ": " + field.value + "\n";
  }
  return text;
}

std::optional<unsigned> status_in(std::string_view json) {
  const std::string text = "{\"statusCode\":" + std::string(json) + "}";
  return status_of(read_function_answer(text).status_code);
}

}  // namespace

TEST_CASE("what a function answered is told apart") {
  const std::pair<const char*, value_kind> rows[] = {
      {"", value_kind::absent},         {"Hello", value_kind::absent},
      {"{\"a\":", value_kind::absent},  {"{} {}", value_kind::absent},
      {"\"\xff\"", value_kind::absent}, {" null ", value_kind::null},
      {"true", value_kind::boolean},    {"-4.5e3", value_kind::number},
      {"\"x\"", value_kind::string},    {"[{\"statusCode\":200}]", value_kind::array},
      {"\n{}\r\n", value_kind::object}};
  for (const auto& [text, kind] : rows) {
    CAPTURE(text);
    const function_answer answer = read_function_answer(text);
    CHECK(answer.whole.kind == kind);
    CHECK(answer.status_code.kind == value_kind::absent);
  }
}

TEST_CASE("an envelope is taken apart in one pass") {
  const std::string_view text =
      R"({"statusCode":201,"statusDescription":"201 Created","headers":{"A":"1","B":2.50,"C":true,"D":null,"E":["x"]},)"
      R"("multiValueHeaders":{"M":["1",2,{"deep":["x"]}],"N":"no list"},"cookies":["a=1","b\"=2",3],"body":"plain",)"
      R"("isBase64Encoded":false,"other":{"statusCode":500,"body":"not this"}})";
  const function_answer answer = read_function_answer(text);
  CHECK(answer.whole.kind == value_kind::object);
  CHECK(answer.status_code.kind == value_kind::number);
  CHECK(answer.status_code.text == "201");
  CHECK(answer.status_description.text == "201 Created");
  REQUIRE(answer.headers.fields.size() == 5);
  CHECK(answer.headers.fields[1].values.at(0).text == "2.50");
  CHECK(answer.headers.fields[2].values.at(0).kind == value_kind::boolean);
  CHECK(answer.headers.fields[3].kind == value_kind::null);
  CHECK(answer.headers.fields[4].kind == value_kind::array);
  REQUIRE(answer.multi_value_headers.fields.size() == 2);
  REQUIRE(answer.multi_value_headers.fields[0].values.size() == 3);
  CHECK(answer.multi_value_headers.fields[0].values[1].text == "2");
  CHECK(answer.multi_value_headers.fields[0].values[2].kind == value_kind::object);
  CHECK(answer.multi_value_headers.fields[1].kind == value_kind::string);
  REQUIRE(answer.cookies.size() == 3);
  CHECK(answer.cookies[1].text == "b\"=2");
  CHECK(answer.body.view() == "plain");
  CHECK_FALSE(answer.body.is_unescaped);
  CHECK(answer.body.view().data() == text.data() + text.find("plain"));
  CHECK(answer.is_base64_encoded.text == "false");
  CHECK(answer.unknown_key == "other");
}

TEST_CASE("a body is unescaped once, whatever its size") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{5000}, std::size_t{300'000}}) {
    std::string body;
    std::string escaped;
    for (std::size_t index = 0; index < size; ++index) {
      body += index % 7 == 0 ? "\"\n\xE2\x82\xAC" : "abc";
      escaped += index % 7 == 0 ? "\\\"\\n\\u20ac" : "abc";
    }
    const std::string text = "{\"statusCode\":200,\"body\":\"" + escaped + "\",\"headers\":null}";
    function_answer answer = read_function_answer(text);
    CHECK(answer.body.is_unescaped);
    CHECK(answer.body.view() == body);
    payload taken;
    CHECK(take_body(answer, false, taken) == body_state::taken);
    CHECK(taken.view() == body);
    const std::string whole_text = "\"" + escaped + "\"";
    CHECK(read_function_answer(whole_text).whole.view() == body);
  }
}

TEST_CASE("of a key that is there twice the last one counts") {
  const auto body = [](std::string_view text) {
    const function_answer answer = read_function_answer(text);
    return answer.body.kind == value_kind::string ? std::string(answer.body.view()) : "none";
  };
  CHECK(body(R"({"body":"a\n","body":"b"})") == "b");
  CHECK(body(R"({"body":"a","body":"b\n"})") == "b\n");
  CHECK(body(R"({"body":"a\n","body":"b\n"})") == "b\n");
  CHECK(body(R"({"body":"a\n","body":null})") == "none");
  const function_answer answer = read_function_answer(
      R"({"statusCode":1,"statusCode":2,"headers":{"a":"1"},"headers":{"b":"2"},"cookies":["a"],"cookies":[]})");
  CHECK(answer.status_code.text == "2");
  REQUIRE(answer.headers.fields.size() == 1);
  CHECK(answer.headers.fields[0].name == "b");
  CHECK(answer.cookies.empty());
}

TEST_CASE("keys are the envelope's only at its own level and in its own case") {
  const function_answer answer =
      read_function_answer(R"({"a":{"statusCode":200},"b":[{"body":"x"}],"StatusCode":200,"headers":{"body":"y"}})");
  CHECK(answer.status_code.kind == value_kind::absent);
  CHECK(answer.body.kind == value_kind::absent);
  CHECK(answer.unknown_key == "a");
  CHECK(answer.headers.fields.at(0).name == "body");
  CHECK(read_function_answer(R"({"":1})").unknown_key == "\"\"");
  CHECK(read_function_answer(R"({"base64Encoded":true})").is_base64_encoded.text == "true");
}

TEST_CASE("nesting is bounded, and what lies too deep is no JSON") {
  const auto nested = [](std::size_t depth) {
    return "{\"body\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  const std::string deep = nested(900);
  const std::string too_deep = nested(2000);
  CHECK(read_function_answer(deep).whole.kind == value_kind::object);
  CHECK(read_function_answer(too_deep).whole.kind == value_kind::absent);
}

TEST_CASE("a status is an integer from 200 to 599, or a string of one") {
  CHECK(status_in("200") == 200);
  CHECK(status_in("599") == 599);
  CHECK(status_in("\"404\"") == 404);
  for (const char* none : {"0", "199", "600", "100", "101", "200.5", "200.0", "2e2", "-200", "\"abc\"", "\"\"", "true",
                           "null", "[200]", "{}", "2000", "\"200 OK\"", "\" 200\""}) {
    CAPTURE(none);
    CHECK(status_in(none) == std::nullopt);
  }
}

TEST_CASE("values of header fields have the shape their key asks for") {
  CHECK(fields_of(R"({"A":"1","b":2,"C":true,"D":null,"":"x"})", field_values::single) == "A: 1\nb: 2\nC: true\n");
  CHECK(fields_of(R"({"A":["1"]})", field_values::single) == "malformed");
  CHECK(fields_of(R"({"A":{}})", field_values::single) == "malformed");
  CHECK(fields_of(R"({"A":["1",2,null,"3"],"B":[]})", field_values::lists) == "A: 1\nA: 2\nA: 3\n");
  CHECK(fields_of(R"({"A":"1"})", field_values::lists) == "malformed");
  CHECK(fields_of(R"({"A":[["1"]]})", field_values::lists) == "malformed");
  CHECK(fields_of(R"({"A":"1","B":["2","3"]})", field_values::single_or_lists) == "A: 1\nB: 2\nB: 3\n");
  CHECK(fields_of("null", field_values::lists).empty());
  CHECK(fields_of("{}", field_values::single).empty());
  for (const char* none : {"\"A: 1\"", "[]", "1", "true"}) {
    CHECK(fields_of(none, field_values::single) == "malformed");
  }
}

TEST_CASE("the number of header fields is bounded") {
  const auto many = [](int count) {
    std::string json = "{\"A\":[";
    for (int index = 0; index < count; ++index) {
      json += index == 0 ? "\"v\"" : ",\"v\"";
    }
    return json + "]}";
  };
  CHECK(fields_of(many(1000), field_values::lists).size() == 1000 * 5);
  CHECK(fields_of(many(1001), field_values::lists) == "malformed");
}

TEST_CASE("a body is a string or nothing, and base64 where it says so") {
  const auto taken = [](std::string_view text, bool decode) {
    function_answer answer = read_function_answer(text);
    payload to;
    switch (take_body(answer, decode, to)) {
      case body_state::taken: return "taken " + std::string(to.view());
      case body_state::not_a_string: return std::string("not a string");
      case body_state::not_base64: return std::string("not base64");
    }
    return std::string();
  };
  CHECK(taken(R"({"body":"aGk="})", false) == "taken aGk=");
  CHECK(taken(R"({"body":"aGk="})", true) == "taken hi");
  CHECK(taken(R"({"body":"Pz8\/"})", true) == "taken ???");
  CHECK(taken(R"({"body":"!"})", true) == "not base64");
  CHECK(taken(R"({"body":null})", true) == "taken ");
  CHECK(taken("{}", false) == "taken ");
  for (const char* other : {R"({"body":1})", R"({"body":true})", R"({"body":{"a":1}})", R"({"body":[]})"}) {
    CHECK(taken(other, false) == "not a string");
  }
  CHECK(says_base64(read_function_answer(R"({"isBase64Encoded":true})")));
  for (const char* no :
       {R"({"isBase64Encoded":false})", R"({"isBase64Encoded":"true"})", R"({"isBase64Encoded":1})", "{}"}) {
    CHECK_FALSE(says_base64(read_function_answer(no)));
  }
}

TEST_CASE("fields of the connection are the session's, and some are sent under another name") {
  for (const char* name : {"Connection", "content-length", "DATE", "Transfer-Encoding", "Keep-Alive", "TE", "Trailer",
                           "Upgrade", "Proxy-Connection"}) {
    CHECK(is_session_field(name));
    CHECK(remapped(name) == "x-amzn-Remapped-" + std::string(name));
  }
  for (const char* name : {"Authorization", "Server", "WWW-Authenticate", "Host", "User-Agent", "x-amzn-RequestId"}) {
    CHECK_FALSE(is_session_field(name));
    CHECK(remapped(name) == "x-amzn-Remapped-" + std::string(name));
  }
  CHECK(remapped("Content-Type") == "Content-Type");
  CHECK(remapped("Set-Cookie") == "Set-Cookie");
}

TEST_CASE("white space between tokens goes, within strings it stays") {
  CHECK(compact(R"( { "hello" : "wor ld" , "a" : [ 1 , true ] } )") == R"({"hello":"wor ld","a":[1,true]})");
  CHECK(compact(R"(["a\" b", "\\" , " "])") == R"(["a\" b","\\"," "])");
  CHECK(compact("\r\n\t3.1\n") == "3.1");
}
