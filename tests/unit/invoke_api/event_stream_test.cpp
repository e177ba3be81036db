#include "emulator/frontdoor/invoke_api/event_stream.hpp"

#include "tests/support/event_stream_reader.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>

using namespace kelvin::frontdoor;
using namespace kelvin::test;

namespace {

/// Reads a message as an SDK does, both CRCs checked.
event_stream_message parse(const std::string& bytes) {
  auto read = read_event_stream_message(bytes);
  REQUIRE(read);
  return *std::move(read);
}

using fields = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a chunk carries its bytes as they are") {
  for (const std::string& bytes : {std::string("x"), std::string("\0\xff{}", 4), std::string(300'000, 'a')}) {
    const event_stream_message read = parse(payload_chunk(bytes));
    CHECK(read.payload == bytes);
    CHECK(read.headers == fields{{":event-type", "PayloadChunk"},
                                 {":content-type", "application/octet-stream"},
                                 {":message-type", "event"}});
  }
}

TEST_CASE("a good end is an empty object, a bad one tells code and details") {
  event_stream_message read = parse(invoke_complete({}));
  CHECK(read.payload == "{}");
  CHECK(read.headers[":event-type"] == "InvokeComplete");
  CHECK(read.headers[":content-type"] == "application/json");
  read = parse(invoke_complete({"Unhandled", R"({"errorMessage":"x"})", "START"}));
  CHECK(read.payload ==
        R"({"ErrorCode":"Unhandled","ErrorDetails":"{\"errorMessage\":\"x\"}","LogResult":"U1RBUlQ="})");
}

TEST_CASE("error details that are not UTF-8 still make a valid message") {
  CHECK(parse(invoke_complete({"Unhandled", "\xff", {}})).payload.find("ErrorDetails") != std::string::npos);
}
