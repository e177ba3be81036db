#include "emulator/web/answer_body.hpp"
#include "emulator/web/function_answer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace kelvin::web;

namespace {

std::string found(std::string_view object) {
  return std::string(find_escaped_body(object).value_or("none"));
}

}  // namespace

TEST_CASE("escaped body: found between its quotes, wherever the member stands") {
  CHECK(found(R"({"body":"a\n"})") == R"(a\n)");
  CHECK(found(R"( { "statusCode" : 200 , "body" : "\"" , "headers":{"body":"no\n"}, "x":["body","y\\"] } )") ==
        R"(\")");
  CHECK(found(R"({"a":"\\","body":"\\\\\"x\\"})") == R"(\\\\\"x\\)");
}

TEST_CASE("escaped body: none where a parser has no work with it, or is asked instead") {
  for (const std::string_view object :
       {"", "{}", "[", "\"body\"", R"({"body":"plain"})", R"({"body":1})", R"({"body":null,"x":"\n"})",
        R"({"body":"a\n","body":"b\n"})", R"({"b\u006fdy":"\n","body":"a\n"})", R"({"x":{"body":"a\n"}})",
        R"(["body","a\n"])", R"({"body":"a\n)", R"({"body":"a\)", R"({"x":"body","y":"a\n"})", R"({"Body":"a\n"})"}) {
    CAPTURE(object);
    CHECK(found(object) == "none");
  }
}

TEST_CASE("escaped body: an answer is read as by the parser alone") {
  for (const std::string_view answer : {R"({"statusCode":200,"body":"a\n\u00fc","headers":{"a":"b"}})",
                                        R"({"body":"\ud83d\ude00\/"})",
                                        R"({"body":"\ud83d"})",
                                        R"({"body":"\ude00"})",
                                        R"({"body":"\ud83d\u0041"})",
                                        R"({"body":"\x"})",
                                        R"({"body":"\u12"})",
                                        "{\"body\":\"\\n\x01\"}",
                                        "{\"body\":\"\\n\xff\"}",
                                        R"({"body":"\n"} x)",
                                        R"({"body":"\n",})",
                                        R"({"body":"\n","x":[)",
                                        R"(["body":"\n"])",
                                        R"({"x":1 "body":"\n"})",
                                        R"({"body" "body":"\n"})",
                                        R"({"body":"\n","body":null})",
                                        R"({,"body":"\n"})",
                                        R"({"body":"\n":"x"})",
                                        R"({"body":"\"}","statusCode":"x\"y"})",
                                        R"([{"body":"\n"}])",
                                        R"({"a":}{"body":"\n"})"}) {
    CAPTURE(answer);
    const function_answer read = read_function_answer(answer);
    const function_answer parsed = read_whole_answer(answer);
    CHECK(read.whole.kind == parsed.whole.kind);
    CHECK(read.body.kind == parsed.body.kind);
    CHECK(read.body.view() == parsed.body.view());
    CHECK(read.status_code.text == parsed.status_code.text);
    CHECK(read.headers.fields.size() == parsed.headers.fields.size());
  }
}
