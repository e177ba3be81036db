#include "emulator/sandbox/line_splitter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace kelvin {
namespace {

using lines = std::vector<std::string>;

/// What a splitter makes of a text that comes in chunks of `chunk_bytes`.
lines split(const std::string& text, std::size_t chunk_bytes, std::size_t piece_bytes) {
  line_splitter splitter(piece_bytes);
  lines found;
  const auto deliver = [&](std::string_view line) { found.emplace_back(line); };
  for (std::size_t position = 0; position < text.size(); position += chunk_bytes) {
    splitter.feed(std::string_view(text).substr(position, chunk_bytes), deliver);
  }
  splitter.finish(deliver);
  return found;
}

struct example {
  std::string text;
  lines expected;  ///< with pieces of 4 bytes
};

}  // namespace

TEST_CASE("line_splitter: every way of chunking gives the same lines") {
  const std::vector<example> examples{
      {"", {}},
      {"\n", {""}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\nb", {"a", "b"}},
      {"\n\na\n\n", {"", "", "a", ""}},
      {"abc\n", {"abc"}},
      {"abcd\n", {"abcd"}},
      {"abcd", {"abcd"}},
      {"abcd\n\n", {"abcd", ""}},
      {"abcde\n", {"abcd", "e"}},
      {"abcdefgh\n", {"abcd", "efgh"}},
      {"abcdefgh\nx\n", {"abcd", "efgh", "x"}},
      {"abcdefghi", {"abcd", "efgh", "i"}},
      {"a\r\n", {"a\r"}},
      {std::string("\xff\0\xfe\n", 4), {std::string("\xff\0\xfe", 3)}},
  };
  for (const example& given : examples) {
    for (std::size_t chunk_bytes = 1; chunk_bytes <= 12; ++chunk_bytes) {
      CAPTURE(given.text);
      CAPTURE(chunk_bytes);
      CHECK(split(given.text, chunk_bytes, 4) == given.expected);
    }
  }
}

TEST_CASE("line_splitter: an unfinished line waits for its end") {
  line_splitter splitter;
  lines found;
  const auto deliver = [&](std::string_view line) { found.emplace_back(line); };
  splitter.feed("one\ntw", deliver);
  CHECK(found == lines{"one"});
  splitter.feed("o\n", deliver);
  CHECK(found == lines{"one", "two"});
  splitter.finish(deliver);
  CHECK(found.size() == 2);
}

TEST_CASE("line_splitter: pieces of the log's own limit") {
  const std::size_t limit = limits::log_line_bytes;
  const lines found = split(std::string(limit * 2 + 1, 'x') + "\nend\n", 65536, limit);
  REQUIRE(found.size() == 4);
  CHECK(found[0].size() == limit);
  CHECK(found[1].size() == limit);
  CHECK(found[2] == "x");
  CHECK(found[3] == "end");
}

}  // namespace kelvin
