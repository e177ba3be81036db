#include "emulator/frontdoor/invoke_api/payload_problem.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <random>

using namespace kelvin::frontdoor;

namespace {

const std::vector<std::string>& corpus() {
  using namespace std::string_literals;
  static const std::vector<std::string> texts{"",
                                              " ",
                                              "\n",
                                              "{}",
                                              "[]",
                                              " {} ",
                                              "\t[1]\r\n",
                                              "null",
                                              "true",
                                              "false",
                                              "nul",
                                              "nulll",
                                              "True",
                                              "0",
                                              "-0",
                                              "01",
                                              "-",
                                              "1.",
                                              ".5",
                                              "1.5",
                                              "1e5",
                                              "1e",
                                              "1e+",
                                              "1E-2",
                                              "+1",
                                              "1e400",
                                              "-1e-400",
                                              "123456789012345678901234567890",
                                              "0x10",
                                              "NaN",
                                              "Infinity",
                                              "-Infinity",
                                              "\"\"",
                                              "\"a",
                                              "\"\\",
                                              "\"\\n\"",
                                              "\"\\x\"",
                                              "\"\\u12\"",
                                              "\"\\u00e9\"",
                                              "\"\\ud83d\\ude00\"",
                                              "\"\\ud83d\"",
                                              "\"\\udc00\"",
                                              "\"\\ud83dx\"",
                                              "\"a\nb\"",
                                              "\"a\x01\"",
                                              "\"\x7f\"",
                                              "'a'",
                                              "{\"a\":1}",
                                              "{\"a\":1,}",
                                              "{\"a\"}",
                                              "{\"a\":}",
                                              "{\"a\" 1}",
                                              "{a:1}",
                                              "{,}",
                                              "{1:2}",
                                              "[1,]",
                                              "[,1]",
                                              "[1 2]",
                                              "[1}",
                                              "{]",
                                              "[",
                                              "{",
                                              "[[]",
                                              "]",
                                              "}",
                                              ",",
                                              ":",
                                              "{} {}",
                                              "{}x",
                                              "1 2",
                                              "// c\n1",
                                              "/* c */ 1",
                                              "1 // c",
                                              "\xef\xbb\xbf{}",
                                              "\"\xc3\xa9\"",
                                              "\"\xe2\x82\xac\"",
                                              "\"\xf0\x9f\x98\x80\"",
                                              "\"\xc3\"",
                                              "\"\xc0\xaf\"",
                                              "\"\xed\xa0\x80\"",
                                              "\"\xf4\x90\x80\x80\"",
                                              "\"\xff\"",
                                              "\"\x80\"",
                                              "\"\xe2\x82\"",
                                              "\"\xf0\x9f\x98\"",
                                              "\x80",
                                              "\xff{}",
                                              "n\x87",
                                              "\"\xe2\x28\xa1\"",
                                              "{\"\xc3\":1}",
                                              "{\"a\":\"\xf8\x88\"}",
                                              "\"a\0b\""s,
                                              "\0"s,
                                              "{}\0"s,
                                              "[true,false,null,0,\"x\",{\"y\":[{}]}]",
                                              "{\"a\":1,\"a\":2}",
                                              "\"\\/\\b\\f\\t\\r\\\"\\\\\"",
                                              "[1.0e+10,-2,3]",
                                              "1.e5",
                                              "--1",
                                              "1-",
                                              "[\"a\",\"b\"",
                                              "{\"a\":{\"b\":",
                                              "\xc2\xa0{}",
                                              "\v{}",
                                              "\f1"};
  return texts;
}

}  // namespace

TEST_CASE("what is JSON is what nlohmann takes for it") {
  for (const std::string& text : corpus()) {
    // nlohmann refuses what overflows a double, skips a byte order mark and takes a NUL for the end.
    if (text == "1e400" || text.starts_with("\xef\xbb\xbf") || text.ends_with('\0')) {
      continue;
    }
    CAPTURE(text);
    CHECK(is_json(text) == nlohmann::json::accept(text));
  }
  CHECK(is_json("1e400"));
  CHECK_FALSE(is_json("\xef\xbb\xbf{}"));
  CHECK_FALSE(is_json(std::string_view("{}\0", 3)));
}

TEST_CASE("mutated documents are judged as nlohmann judges them") {
  std::mt19937 random(20260101);
  const std::string base =
      "{\"name\":\"caf\xc3\xa9 \\u00e9\",\"list\":[1,-2.5,3e2,true,false,null,\"\"],\"deep\":{\"a\":{\"b\":[[],{}]}}}";
  const std::string alphabet = "{}[]\",:0123456789eE+-.truefalsn\\u \n\t\xc3\xa9\xff\x80\x01";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = base;
    for (unsigned change = 0; change <= random() % 3; ++change) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = alphabet[random() % alphabet.size()]; break;
        case 1: text.erase(at, 1); break;
        default: text.insert(at, 1, alphabet[random() % alphabet.size()]); break;
      }
    }
    CAPTURE(text);
    const bool accepted = is_json(text);
    REQUIRE(accepted == nlohmann::json::accept(text));
    if (!accepted) {
      REQUIRE(payload_problem(text).find("at [Source: REDACTED") != std::string::npos);
      REQUIRE_FALSE(payload_problem(text).starts_with("The payload is not valid JSON"));
    }
  }
}

TEST_CASE("each refused text of the corpus gets a problem with a place") {
  for (const std::string& text : corpus()) {
    if (!is_json(text)) {
      CAPTURE(text);
      CHECK(payload_problem(text).find("\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` "
                                       "disabled); line: ") != std::string::npos);
    }
  }
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(is_json(nested(payload_depth_max)));
  CHECK_FALSE(is_json(nested(payload_depth_max + 1)));
  CHECK(payload_problem(nested(payload_depth_max + 1))
            .starts_with("Document nesting depth (1001) exceeds the maximum allowed (1000, from "
                         "`StreamReadConstraints.getMaxNestingDepth()`)\n at [Source"));
  CHECK_FALSE(is_json(std::string(1'000'000, '[')));
  CHECK(payload_problem(std::string(1'000'000, '{')).starts_with("Unexpected character ('{' (code 123))"));
}

TEST_CASE("the words are those of AWS's parser") {
  const std::string list = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  struct row {
    std::string text;
    std::string problem;
    int line;
    int column;
  };
  const row rows[] = {
      // Both recorded on AWS, 24 November 2025.
      {"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt", "Invalid UTF-8 start byte 0x87", 1, 3},
      {"\x99\xeb,j\x07\xa1zYh", "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value " + list, 1, 1},
      {"hello", "Unrecognized token 'hello': was expecting " + list, 1, 6},
      {"hello world", "Unrecognized token 'hello': was expecting " + list, 1, 7},
      {"nul", "Unrecognized token 'nul': was expecting " + list, 1, 4},
      {"truex", "Unrecognized token 'truex': was expecting " + list, 1, 6},
      {"NaN", "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", 1, 4},
      {"'a'", "Unexpected character (''' (code 39)): expected a valid value " + list, 1, 1},
      {"{\n a:1}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 2, 2},
      {"{\"a\" 1}", "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 1,
       6},
      {"{\"a\":1 2}", "Unexpected character ('2' (code 50)): was expecting comma to separate Object entries", 1, 8},
      {"[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 4},
      {"[1,]", "Unexpected character (']' (code 93)): expected a value", 1, 4},
      {"-x",
       "Unexpected character ('x' (code 120)) in numeric value: expected digit (0-9) to follow minus sign, for "
       "valid numeric value",
       1, 2},
      {"01", "Invalid numeric value: Leading zeroes not allowed", 1, 2},
      {"\"a", "Unexpected end-of-input: was expecting closing quote for a string value", 1, 3},
      {"{\"a", "Unexpected end-of-input in field name", 1, 4},
      {"\"a\nb\"",
       "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be "
       "included in string value",
       2, 1},
      {"\"\\x\"", "Unrecognized character escape 'x' (code 120)", 1, 4},
      {"\"\\ud83d\"", "Incomplete surrogate pair in character escape sequence", 1, 8},
      {"\"\xc3(\"", "Invalid UTF-8 middle byte 0x28", 1, 4},
      {"[1]\r\n[2]", "Unexpected character ('[' (code 91)): Expected space separating root-level values", 2, 1},
  };
  for (const row& each : rows) {
    CAPTURE(each.text);
    CHECK(payload_problem(each.text) ==
          each.problem + "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: " +
              std::to_string(each.line) + ", column: " + std::to_string(each.column) + "]");
  }
  CHECK(
      payload_problem("{\"a\":[1")
          .starts_with("Unexpected end-of-input: expected close marker for Array (start marker at [Source: REDACTED "
                       "(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 6])\n at [Source"));
  CHECK(
      payload_problem("{\"a\":1]").starts_with("Unexpected close marker ']': expected '}' (for Object starting at [S"));
}
