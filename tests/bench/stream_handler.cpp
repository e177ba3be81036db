// A bootstrap whose answer is a stream: head and first piece in one write, the piece telling when that was, then a
// pause, so that nothing behind it can push the piece out, then the end.
#include "sockets.hpp"

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
  const std::uint16_t port = runtime_api_port();
  const std::string host = "127.0.0.1:" + std::to_string(port) + "\r\n";
  const std::string next = std::string(next_request) + host + "User-Agent: bench-stream-handler\r\n\r\n";
  const int connection = connect_to_loopback(port);
  if (connection < 0)
    fail_errno("connect to the Runtime API");

  byte_buffer event;
  byte_buffer acknowledgement;
  message_extent extent;
  while (true) {
    event.consume(event.size());
    acknowledgement.consume(acknowledgement.size());
    if (!write_whole(connection, next, {}) || !read_message(connection, event, extent))
      return 0;
    const auto id = find_header(event.view().substr(0, extent.head_bytes), "lambda-runtime-aws-request-id");
    if (!id)
      fail("`next` was answered without a request id: " + std::string(event.view().substr(0, 200)));
    const std::string head = "POST /2018-06-01/runtime/invocation/" + std::string(*id) +
                             "/response HTTP/1.1\r\nHost: " + host +
                             "Content-Type: application/octet-stream\r\n"
                             "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n";
    if (!write_whole(connection, head, stamped_chunk()))
      return 0;
    std::this_thread::sleep_for(pause_before_end);
    if (!write_whole(connection, "0\r\n\r\n", {}) || !read_message(connection, acknowledgement, extent))
      return 0;
  }
}
