// A bootstrap whose answer is a stream: head and first piece in one write, the piece telling when that was, then a
// pause, so that nothing behind it can push the piece out, then the end.
#include "runtime_loop.hpp"

#include <thread>

using namespace bench;

namespace {

constexpr auto pause_before_end = std::chrono::milliseconds(3);

/// One chunk that holds `stamp:`, the time in ns in twenty digits, and nothing else.
std::string stamped_chunk() {
  char text[64];
  std::snprintf(text, sizeof text, "1a\r\nstamp:%020lld\r\n", static_cast<long long>(now_ns()));
  return text;
}

}  // namespace

int main() {
  serve_events("bench-stream-handler", [](bench_event& event) {
    event.answer_head.append(
        "Content-Type: application/octet-stream\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    if (!write_whole(event.connection, event.answer_head, stamped_chunk()))
      return false;
    std::this_thread::sleep_for(pause_before_end);
    return write_whole(event.connection, "0\r\n\r\n", {});
  });
}
