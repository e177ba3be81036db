#pragma once

#include "sockets.hpp"

#include <string>
#include <string_view>

namespace bench {

/// One event, and where its answer goes.
struct bench_event {
  int connection;
  std::string answer_head;  ///< request line and Host of the answer's POST, to be gone on with
  std::string_view body;
};

/// What every bootstrap of the bench does: one keep-alive connection, `next`, the answer, `next`, one after the other.
/// `answer` writes the answer to an event whole; false: the connection is gone. Returns when the Runtime API has ended.
template <class Answer>
void serve_events(const std::string& user_agent, Answer answer) {
  const std::uint16_t port = runtime_api_port();
  const std::string host = "127.0.0.1:" + std::to_string(port) + "\r\n";
  const std::string next = std::string(next_request) + host + "User-Agent: " + user_agent + "\r\n\r\n";
  const int connection = connect_to_loopback(port);
  if (connection < 0)
    fail_errno("connect to the Runtime API");

  byte_buffer received;
  byte_buffer acknowledgement;
  message_extent extent;
  bench_event event{connection, {}, {}};
  while (true) {
    received.consume(received.size());
    acknowledgement.consume(acknowledgement.size());
    if (!write_whole(connection, next, {}) || !read_message(connection, received, extent))
      return;
    const auto id = find_header(received.view().substr(0, extent.head_bytes), "lambda-runtime-aws-request-id");
    if (!id)
      fail("`next` was answered without a request id: " + std::string(received.view().substr(0, 200)));
    event.answer_head.assign("POST /2018-06-01/runtime/invocation/").append(*id);
    event.answer_head.append("/response HTTP/1.1\r\nHost: ").append(host);
    event.body = received.view().substr(extent.head_bytes, extent.body_bytes);
    if (!answer(event) || !read_message(connection, acknowledgement, extent))
      return;
  }
}

}  // namespace bench
