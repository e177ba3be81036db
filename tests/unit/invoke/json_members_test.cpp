#include "emulator/invoke/json_members.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace kelvin;

namespace {

using members = std::vector<std::pair<std::string, std::string>>;

struct reading {
  members found;
  bool whole = false;
};

/// Stops at a member named `stop`.
reading read(std::string_view text) {
  reading result;
  result.whole = read_string_members(text, [&result](std::string_view name, std::string& value) {
    result.found.emplace_back(name, std::move(value));
    return name != "stop";
  });
  return result;
}

}  // namespace

TEST_CASE("string members of the outermost object come in their order, nothing else does") {
  const reading all = read(R"({"a":"1","b":2,"c":{"d":"no"},"e":["no"],"f":null,"a":"\u00e9","g":true,"h":""})");
  CHECK(all.whole);
  CHECK(all.found == members{{"a", "1"}, {"a", "\u00e9"}, {"h", ""}});
}

TEST_CASE("what is no object has no members") {
  for (const char* text : {"\"a\"", "[\"a\"]", "[{\"a\":\"b\"}]", "1", " {} "}) {
    CAPTURE(text);
    const reading none = read(text);
    CHECK(none.whole);
    CHECK(none.found.empty());
  }
}

TEST_CASE("reading ends where it is told to, and at what is not JSON") {
  CHECK(read(R"({"stop":"1","a":"2"})").found == members{{"stop", "1"}});
  CHECK_FALSE(read(R"({"stop":"1","a":"2"})").whole);
  CHECK(read(R"({"a":"1",}})").found == members{{"a", "1"}});
  for (const char* text : {"", "{", R"({"a":"1"} x)", R"({"a":"1",})", "{'a':1}"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text).whole);
  }
}
