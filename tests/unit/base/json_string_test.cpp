#include "runtime-api/base/json_string.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string printed(std::string_view text) {
  std::string json;
  kelvin::append_json_string(json, text);
  return json;
}

std::string printed_into_payload(std::string_view text) {
  kelvin::payload json("x");
  kelvin::append_json_string(json, text);
  CHECK(json.view().substr(0, 1) == "x");
  return std::string(json.view().substr(1));
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

TEST_CASE("what is special is found wherever it stands, whatever stands around it") {
  for (const std::string_view special :
       {"\"", "\\", "\n", "\x1f", "\x7f", " ", "!", "#", "[", "]", "\xC3\xBC", "\x80"}) {
    const std::string alone = printed(special);
    const std::string inside = alone.substr(1, alone.size() - 2);
    for (std::size_t before = 0; before < 40; ++before) {
      const std::string text = std::string(before, 'a').append(special).append(special).append(before % 9, 'z');
      const std::string expected =
          '"' + std::string(before, 'a').append(inside).append(inside).append(before % 9, 'z') + '"';
      CHECK(printed(text) == expected);
      CHECK(printed_into_payload(text) == expected);
    }
  }
}

TEST_CASE("a long text is escaped piece by piece, and sequences stay whole") {
  for (const std::string_view each : {"\x01", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a\xFF", "0123456\""}) {
    const std::string alone = printed(each);
    std::string text;
    std::string expected = "\"";
    for (int count = 0; count < 5000; ++count) {
      text += each;
      expected.append(alone, 1, alone.size() - 2);
    }
    expected += '"';
    CHECK(printed(text) == expected);
    CHECK(printed_into_payload(text) == expected);
  }
}

/// `none` if it is no string.
std::string unescaped(std::string_view inside) {
  kelvin::payload to("x");
  return kelvin::append_unescaped_json(to, inside) ? std::string(to.view().substr(1)) : "none";
}

TEST_CASE("what was escaped is unescaped again, wherever it stands") {
  std::string text;
  for (int byte = 0; byte < 0x80; ++byte) {
    text.append(static_cast<std::size_t>(byte) % 11, 'a').push_back(static_cast<char>(byte));
  }
  text += "\xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80";
  for (std::size_t begin = 0; begin < 20; ++begin) {
    const std::string json = printed(std::string_view(text).substr(begin));
    CHECK(unescaped(json.substr(1, json.size() - 2)) == text.substr(begin));
  }
}

TEST_CASE("every escape of JSON is known, and no other") {
  CHECK(unescaped(R"(\"\\\/\b\f\n\r\t)") == "\"\\/\b\f\n\r\t");
  CHECK(unescaped(R"(\u0041\u00fc\u20AC\ud83d\ude00\uffff)") == "A\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBF");
  CHECK(unescaped(R"(\u0000)") == std::string(1, '\0'));
  for (const std::string_view bad : {R"(\)",
                                     R"(\a)",
                                     R"(\u)",
                                     R"(\u123)",
                                     R"(\u12g4)",
                                     R"(\u+123)",
                                     R"(\u-123)",
                                     R"(\u 123)",
                                     R"(\ud83d)",
                                     R"(\ud83dx)",
                                     R"(\ud83d\n)",
                                     R"(\ud83d\u)",
                                     R"(\ud83d\u0041)",
                                     R"(\ude00)",
                                     R"(\ud83d\ud83d)",
                                     R"(a"b)",
                                     "\n",
                                     "1234567\x1f",
                                     "\xff",
                                     "\xC3",
                                     "\xED\xA0\x80",
                                     "12345678\xE2\x82"}) {
    CAPTURE(bad);
    CHECK(unescaped(bad) == "none");
  }
  CHECK(unescaped("\x7f") == "\x7f");
}

}  // namespace
