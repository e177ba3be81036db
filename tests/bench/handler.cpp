// The echo bootstrap of the bench: one keep-alive connection, one `next` and one `response` per invocation, one
// after the other as every runtime client does it. The relay and kelvin are measured with this same program.
#include "sockets.hpp"

using namespace bench;

int main() {
  const std::uint16_t port = runtime_api_port();
  const std::string host = "127.0.0.1:" + std::to_string(port) + "\r\n";
  const std::string next = std::string(next_request) + host + "User-Agent: bench-handler\r\n\r\n";
  const int connection = connect_to_loopback(port);
  if (connection < 0)
    fail_errno("connect to the Runtime API");

  byte_buffer event;
  byte_buffer acknowledgement;
  message_extent extent;
  std::string head;
  while (true) {
    event.consume(event.size());
    acknowledgement.consume(acknowledgement.size());
    if (!write_whole(connection, next, {}) || !read_message(connection, event, extent))
      return 0;
    const auto id = find_header(event.view().substr(0, extent.head_bytes), "lambda-runtime-aws-request-id");
    if (!id)
      fail("`next` was answered without a request id: " + std::string(event.view().substr(0, 200)));
    head.assign("POST /2018-06-01/runtime/invocation/").append(*id).append("/response HTTP/1.1\r\nHost: ").append(host);
    head.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(extent.body_bytes));
    head.append("\r\n\r\n");
    if (!write_whole(connection, head, event.view().substr(extent.head_bytes, extent.body_bytes)))
      return 0;
    if (!read_message(connection, acknowledgement, extent))
      return 0;
  }
}
