#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/result.hpp"
#include "runtime-api/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kelvin::http {

struct client_request {
  std::string host = "localhost";  ///< IP literal, or `localhost` (127.0.0.1, then ::1); no other name is resolved
  std::uint16_t port = 0;
  std::string method = "GET";
  std::string target = "/";
  std::string fields;                            ///< as response::fields; Host, Content-Length and Connection are added
  std::string_view body;                         ///< must stay valid until the answer is there
  duration deadline = std::chrono::seconds(30);  ///< for everything, from connecting to the last byte
  std::size_t body_limit_bytes = 64u * 1024 * 1024;
  std::size_t header_limit_bytes = 64u * 1024;
};

struct client_response {
  unsigned status = 0;
  field_list fields;
  payload body;
};

/// Sends one request over a connection of its own and reads the answer whole. Interim (1xx) answers
/// are skipped. Errors: invalid_argument (host), connection_closed (nobody listens there, or closed
/// before an answer), message_truncated, malformed_message, body_too_large, timed_out.
awaitable<result<client_response>> send_request(boost::asio::io_context& context, clock& time, client_request request);

}  // namespace kelvin::http
