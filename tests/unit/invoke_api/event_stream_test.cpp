#include "emulator/frontdoor/invoke_api/event_stream.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdint>
#include <map>
#include <string>

using namespace kelvin::frontdoor;

namespace {

std::uint32_t integer_at(const std::string& bytes, std::size_t position) {
  std::uint32_t value = 0;
  for (std::size_t index = 0; index < 4; ++index) {
    value = value << 8 | static_cast<unsigned char>(bytes.at(position + index));
  }
  return value;
}

std::uint32_t crc(const std::string& bytes, std::size_t count) {
  return static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(count)));
}

struct parsed_message {
  std::map<std::string, std::string> headers;
  std::string payload;
};

/// Reads a message as an SDK does, both CRCs checked.
parsed_message parse(const std::string& bytes) {
  REQUIRE(bytes.size() >= 16);
  REQUIRE(integer_at(bytes, 0) == bytes.size());
  const std::size_t header_bytes = integer_at(bytes, 4);
  CHECK(integer_at(bytes, 8) == crc(bytes, 8));
  CHECK(integer_at(bytes, bytes.size() - 4) == crc(bytes, bytes.size() - 4));
  parsed_message read;
  std::size_t at = 12;
  while (at < 12 + header_bytes) {
    const std::size_t name_size = static_cast<unsigned char>(bytes.at(at));
    const std::string name = bytes.substr(at + 1, name_size);
    at += 1 + name_size;
    CHECK(bytes.at(at) == 7);
    const std::size_t value_size = static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(at + 1))) << 8 |
                                   static_cast<unsigned char>(bytes.at(at + 2));
    read.headers[name] = bytes.substr(at + 3, value_size);
    at += 3 + value_size;
  }
  read.payload = bytes.substr(at, bytes.size() - 4 - at);
  return read;
}

using fields = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a chunk carries its bytes as they are") {
  for (const std::string& bytes : {std::string("x"), std::string("\0\xff{}", 4), std::string(300'000, 'a')}) {
    const parsed_message read = parse(payload_chunk(bytes));
    CHECK(read.payload == bytes);
    CHECK(read.headers == fields{{":event-type", "PayloadChunk"},
                                 {":content-type", "application/octet-stream"},
                                 {":message-type", "event"}});
  }
}

TEST_CASE("a good end is an empty object, a bad one tells code and details") {
  parsed_message read = parse(invoke_complete({}));
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
