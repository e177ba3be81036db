#include "runtime-api/http/request_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using kelvin::http::request_parser;
using progress = request_parser::progress;

/// The first byte says how many bytes arrive at a time; the rest is one request after the other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t step_bytes = size == 0 ? 1 : 1 + data[0];
  std::string_view arriving(reinterpret_cast<const char*>(data), size);
  arriving.remove_prefix(size == 0 ? 0 : 1);
  request_parser parser(2048);
  std::string buffer;
  bool in_body = false;
  while (true) {
    const auto step = in_body ? parser.put_body(buffer) : parser.put_header(buffer);
    buffer.erase(0, step.consumed);
    if (step.what == progress::refused) {
      return parser.refusal().reason.empty() ? (__builtin_trap(), 0) : 0;
    }
    if (step.what == progress::complete || (step.what == progress::header && !parser.head().chunked)) {
      parser.reset();
      in_body = false;
    } else if (step.what == progress::header) {
      in_body = true;
    } else if (step.what == progress::need_more) {
      if (arriving.empty()) {
        return 0;
      }
      buffer.append(arriving.substr(0, step_bytes));
      arriving.remove_prefix(step_bytes < arriving.size() ? step_bytes : arriving.size());
    }
  }
}
