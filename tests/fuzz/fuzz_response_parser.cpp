#include "runtime-api/http/response_parser.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using kelvin::fuzz::require;
using kelvin::http::response_parser;
using progress = response_parser::progress;

constexpr std::size_t header_limit_bytes = 2048;
constexpr std::size_t body_limit_bytes = 4096;

struct outcome {
  bool whole = false;
  unsigned status = 0;
  std::size_t fields = 0;
  std::string body;

  bool operator==(const outcome&) const = default;
};

/// Gives the parser the bytes as a connection would, `step_bytes` at a time, and the end behind them.
outcome parse(std::string_view arriving, std::size_t step_bytes, bool answers_head) {
  response_parser parser(answers_head, header_limit_bytes, body_limit_bytes);
  std::string buffer;
  outcome seen;
  auto what = progress::need_more;
  while (what == progress::need_more) {
    const auto step = parser.put(buffer);
    require(step.consumed <= buffer.size());
    buffer.erase(0, step.consumed);
    what = step.what;
    if (what == progress::need_more && arriving.empty()) {
      seen.whole = parser.put_end();
      break;
    }
    buffer.append(arriving.substr(0, step_bytes));
    arriving.remove_prefix(std::min(step_bytes, arriving.size()));
  }
  require(parser.body().view().size() <= body_limit_bytes);
  seen.whole = seen.whole || what == progress::complete;
  if (seen.whole) {
    seen.status = parser.status();
    seen.fields = parser.fields().size();
    seen.body = parser.body().view();
    require(seen.status >= 100 && seen.status <= 999 && (!answers_head || seen.body.empty()));
  }
  return seen;
}

}  // namespace

/// The first byte says how many bytes arrive at a time, the second whether HEAD was asked; the rest is one answer. It
/// means the same in whatever pieces it arrives. When and why a broken one is given up may depend on them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  const std::string_view answer(reinterpret_cast<const char*>(data) + 2, size - 2);
  const bool answers_head = data[1] % 2 == 1;
  const outcome all = parse(answer, answer.size() + 1, answers_head);
  const outcome pieces = parse(answer, 1 + data[0], answers_head);
  require(all == pieces);
  return 0;
}
