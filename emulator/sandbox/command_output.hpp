#pragma once

#include "emulator/sandbox/child_command.hpp"
#include "runtime-api/base/clock.hpp"

#include <cstddef>
#include <string>

namespace kelvin {

/// What a command that was run to its end wrote.
struct command_output {
  exit_status status;
  std::string output;
  std::string error;  ///< its beginning
};

/// Runs a command with /dev/null as standard input and collects what it writes. Where it takes longer than `limit` or
/// writes more than `output_bytes` it is killed. Errors: those of child_command::start; timed_out, body_too_large.
awaitable<result<command_output>> collect_output(boost::asio::io_context& context, clock& time,
                                                 posix_sandbox_factory& factory, command_specification specification,
                                                 duration limit, std::size_t output_bytes);

}  // namespace kelvin
