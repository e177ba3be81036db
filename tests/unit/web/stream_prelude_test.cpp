#include "emulator/web/stream_prelude.hpp"
#include "runtime-api/base/limits.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace kelvin::web;
using progress = prelude_reader::progress;

namespace {

const std::string nuls(8, '\0');

/// The progress after the whole stream in one piece.
progress read(prelude_reader& reader, const std::string& stream) {
  return reader.put(stream);
}

progress judged(const std::string& stream) {
  prelude_reader reader;
  return read(reader, stream);
}

}  // namespace

TEST_CASE("a prelude is the same in pieces of every size") {
  const std::string stream = R"({"statusCode":201,"headers":{"A":"1","R":["2","3"]},"multiValueHeaders":{"M":["4"]},)"
                             R"("cookies":["c=1","d=2"]})" +
                             nuls + std::string("body\0with nuls", 14);
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    CAPTURE(size);
    prelude_reader reader;
    progress last = progress::need_more;
    std::size_t begin = 0;
    while (last == progress::need_more) {
      REQUIRE(begin < stream.size());
      last = reader.put(std::string_view(stream).substr(begin, size));
      begin += size;
    }
    REQUIRE(last == progress::complete);
    CHECK(reader.prelude().status == 201);
    CHECK(reader.prelude().fields == std::vector<name_value>{{"A", "1"}, {"R", "2"}, {"R", "3"}});
    CHECK(reader.prelude().multi_value_fields == std::vector<name_value>{{"M", "4"}});
    CHECK(reader.prelude().cookies == std::vector<std::string>{"c=1", "d=2"});
    std::string body(reader.take_rest().view());
    if (begin < stream.size()) {
      body += stream.substr(begin);
    }
    CHECK(body == std::string("body\0with nuls", 14));
  }
}

TEST_CASE("a prelude may say little") {
  for (const char* json : {"{}", " {\"statusCode\":null}", R"({"statusCode":"200","headers":null,"cookies":null})",
                           R"({"other":{"deep":[1]}})"}) {
    prelude_reader reader;
    CHECK(read(reader, json + nuls) == progress::complete);
    CHECK(reader.prelude().status == 200);
    CHECK(reader.prelude().fields.empty());
    CHECK(reader.take_rest().empty());
  }
}

TEST_CASE("what is no prelude is handed on whole") {
  for (const std::string& stream :
       {std::string("Hello"), nuls, "[]" + nuls, "{\"a\":1" + nuls, "{\"statusCode\":99}" + nuls,
        "{\"headers\":[]}" + nuls, "{\"headers\":{\"a\":{}}}" + nuls, "{\"cookies\":\"a=1\"}" + nuls,
        std::string("{}\0\0x", 5), "{} x" + nuls, std::string("  x")}) {
    CAPTURE(stream);
    prelude_reader reader;
    CHECK(read(reader, stream) == progress::refused);
    CHECK(reader.take_rest().view() == stream);
  }
}

TEST_CASE("a stream that ends before its delimiter has no prelude") {
  for (const std::string& stream : {std::string(), std::string("{"), std::string("{}"), "{}" + nuls.substr(1)}) {
    prelude_reader reader;
    CHECK(read(reader, stream) == progress::need_more);
    CHECK(reader.take_rest().view() == stream);
  }
}

TEST_CASE("a prelude is at most 16 KiB, and no more is waited for") {
  const auto of_size = [](std::size_t size) { return "{\"headers\":{\"A\":\"" + std::string(size - 20, 'x') + "\"}}"; };
  REQUIRE(of_size(limits::stream_prelude_bytes).size() == limits::stream_prelude_bytes);
  CHECK(judged(of_size(limits::stream_prelude_bytes)) == progress::need_more);
  CHECK(judged(of_size(limits::stream_prelude_bytes) + nuls) == progress::complete);
  CHECK(judged(of_size(limits::stream_prelude_bytes + 1)) == progress::refused);
  CHECK(judged(of_size(limits::stream_prelude_bytes + 1) + nuls) == progress::refused);
}
