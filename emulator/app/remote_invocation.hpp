#pragma once

#include "emulator/app/invoke_arguments.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <string>

namespace kelvin {

/// Where a kelvin listens.
struct kelvin_address {
  std::string host = "127.0.0.1";  ///< IP literal or localhost
  std::uint16_t port = 9000;
};

/// What the Invoke API answered.
struct remote_answer {
  unsigned status = 0;
  payload body;
  std::string function_error;  ///< X-Amz-Function-Error, empty on success
  std::string log_tail;        ///< decoded X-Amz-Log-Result
};

/// Invokes a function of a running kelvin and asks for the log's end.
/// Errors: connection_closed (nobody listens there; the detail says how to start kelvin), timed_out,
/// malformed_message.
awaitable<result<remote_answer>> invoke_remote(boost::asio::io_context& context, clock& time, kelvin_address at,
                                               invoke_arguments arguments);

/// Body to stdout, the log's end to stderr unless it was already seen; returns kelvin's exit code.
int print_answer(const remote_answer& answer, bool with_log);

}  // namespace kelvin
