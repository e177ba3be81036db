#include "emulator/frontdoor/invoke_api/event_stream.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/event_stream_reader.hpp"

#include <fuzzer/FuzzedDataProvider.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace kelvin;
using kelvin::fuzz::require;

/// What is encoded comes out of a decoder as it went in; what no encoder wrote comes out as nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const std::string code = input.ConsumeRandomLengthString();
  const std::string details = input.ConsumeRandomLengthString();
  const std::string tail = input.ConsumeRandomLengthString();
  const std::size_t spoiled = input.ConsumeIntegral<std::uint16_t>();
  const std::string bytes = input.ConsumeRemainingBytesAsString();

  test::read_event_stream_message({reinterpret_cast<const char*>(data), size});

  const std::string chunk = frontdoor::payload_chunk(bytes);
  const auto read = test::read_event_stream_message(chunk);
  require(read && read->payload == bytes && read->headers.at(":event-type") == "PayloadChunk");

  std::string broken = chunk;
  broken[spoiled % broken.size()] ^= 1;
  require(!test::read_event_stream_message(broken));

  const auto end = test::read_event_stream_message(frontdoor::invoke_complete({code, details, tail}));
  require(end && end->headers.at(":event-type") == "InvokeComplete");
  const auto told = nlohmann::json::parse(end->payload);
  require(told.contains("ErrorCode") == !code.empty() && told.contains("ErrorDetails") == !code.empty());
  require(told.contains("LogResult") == !tail.empty());
  return 0;
}
