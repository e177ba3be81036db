#include "runtime-api/protocol/json_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string printed(std::string_view text) {
  std::string json;
  kelvin::protocol::append_json_string(json, text);
  return json;
}

TEST_CASE("JSON strings are escaped where JSON demands it") {
  CHECK(printed("plain") == "\"plain\"");
  CHECK(printed("a\"b\\c") == R"("a\"b\\c")");
  CHECK(printed("\n\r\t") == R"("\n\r\t")");
  CHECK(printed(std::string_view("\0\x01\x1f\x7f", 4)) == "\"\\u0000\\u0001\\u001f\x7f\"");
  CHECK(printed("") == "\"\"");
}

TEST_CASE("what is not UTF-8 becomes U+FFFD, what is stays") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(printed("\xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80") == "\"\xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80\"");
  CHECK(printed("a\xFFz") == "\"a" + replacement + "z\"");
  CHECK(printed("\xC3") == "\"" + replacement + "\"");
  CHECK(printed("\xC0\x80") == "\"" + replacement + replacement + "\"");
  CHECK(printed("\xE0\x80\x80") == "\"" + replacement + replacement + replacement + "\"");
  CHECK(printed("\xED\xA0\x80") == "\"" + replacement + replacement + replacement + "\"");
  CHECK(printed("\xF4\x90\x80\x80") == "\"" + replacement + replacement + replacement + replacement + "\"");
  CHECK(printed("\xE2\x82z") == "\"" + replacement + replacement + "z\"");
}

TEST_CASE("an error answer ends in a newline and names the message first") {
  CHECK(kelvin::protocol::error_answer("T", "m") == "{\"errorMessage\":\"m\",\"errorType\":\"T\"}\n");
}

}  // namespace
