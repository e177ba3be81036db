#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/request_parser.hpp"
#include "tests/fuzz/require.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using kelvin::fuzz::require;
using kelvin::http::request_parser;
using progress = request_parser::progress;

/// Sizes near which a parser has something to decide: its own limits, and those of what it is made of.
std::size_t pick_size(FuzzedDataProvider& input, std::size_t left) {
  const std::size_t edge = input.PickValueInArray<std::size_t>(
      {0, 1, 255, 4096, 8 * 1024, 16 * 1024, 64 * 1024, 65'535, 1024 * 1024, 2 * 1024 * 1024, left});
  const std::size_t offset = input.ConsumeIntegralInRange<std::size_t>(0, 200);
  return std::min(left + 200, edge + 100 > offset ? edge + 100 - offset : 0);
}

struct outcome {
  progress what = progress::need_more;
  unsigned status = 0;
};

/// Gives the parser the bytes as a connection would, `step_bytes` at a time.
outcome parse(request_parser& parser, std::string_view bytes, std::size_t step_bytes) {
  std::string buffer;
  while (true) {
    const auto step = parser.put_header(buffer);
    require(step.consumed <= buffer.size());
    buffer.erase(0, step.consumed);
    if (step.what == progress::refused) {
      return {step.what, parser.refusal().status};
    }
    if (step.what != progress::need_more || bytes.empty()) {
      return {step.what, 0};
    }
    buffer.append(bytes.substr(0, step_bytes));
    bytes.remove_prefix(std::min(step_bytes, bytes.size()));
  }
}

}  // namespace

/// A well-formed header of chosen sizes is taken if it and its number of fields are within the limits, and else refused
/// with 431, in whatever pieces it arrives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const std::size_t limit = input.PickValueInArray<std::size_t>(
      {2048, kelvin::limits::caller_header_bytes, 64 * 1024, kelvin::limits::runtime_header_bytes});
  std::string header = "GET /" + std::string(pick_size(input, input.ConsumeBool() ? limit : 0), 'p') + " HTTP/1.1\r\n";
  header.append("Host: h\r\n");
  std::vector<std::size_t> values;
  while (values.size() < 200 && header.size() < limit && input.ConsumeIntegralInRange(0, 99) != 0) {
    values.push_back(pick_size(input, limit - header.size()));
    header.append("x").append(std::to_string(values.size())).append(": ").append(values.back(), 'v').append("\r\n");
  }
  header.append("\r\n");
  const std::size_t pieces = input.ConsumeIntegralInRange<std::size_t>(1, 40);
  request_parser parser(limit);
  const outcome seen = parse(parser, header, header.size() / pieces + 1);
  if (header.size() > limit || values.size() + 1 > kelvin::limits::header_fields) {
    require(seen.what == progress::refused && seen.status == 431);
    return 0;
  }
  require(seen.what == progress::header);
  const auto& head = parser.head();
  require(head.fields.size() == values.size() + 1 && head.method == kelvin::http::method::get);
  for (std::size_t index = 0; index < values.size(); ++index) {
    require(head.fields.at(index + 1).value.size() == values[index]);
  }
  return 0;
}
