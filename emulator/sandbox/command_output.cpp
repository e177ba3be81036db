#include "emulator/sandbox/command_output.hpp"

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/output_pipe.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <fcntl.h>

#include <array>
#include <csignal>
#include <tuple>
#include <utility>

namespace kelvin {
namespace {

constexpr std::size_t error_bytes = 4096;

using stream = boost::asio::posix::basic_stream_descriptor<executor>;

/// Reads to the end, or until there is more than `limit_bytes`; whether it was the end.
awaitable<bool> read_all(stream& from, std::string& into, std::size_t limit_bytes) {
  std::array<char, 4096> buffer;
  while (into.size() <= limit_bytes) {
    const auto [error, count] = co_await from.async_read_some(boost::asio::buffer(buffer), as_tuple);
    if (error)
      co_return true;
    into.append(buffer.data(), count);
  }
  co_return false;
}

}  // namespace

awaitable<result<command_output>> collect_output(boost::asio::io_context& context, clock& time,
                                                 posix_sandbox_factory& factory, command_specification specification,
                                                 duration limit, std::size_t output_bytes) {
  const std::string name = specification.command;
  auto pipes = make_pipes();
  if (!pipes)
    co_return pipes.error();
  const descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  specification.standard_streams = {nothing.get(), pipes->output.write_end.get(), pipes->error.write_end.get()};
  auto started = co_await child_command::start(factory, std::move(specification));
  if (!started)
    co_return started.error();
  pipes->output.write_end.reset();
  pipes->error.write_end.reset();
  stream output(context.get_executor(), pipes->output.read_end.release());
  stream error(context.get_executor(), pipes->error.read_end.release());

  bool late = false;
  child_command& command = **started;
  const auto deadline = time.make_alarm([&] {
    late = true;
    command.signal(SIGKILL);
    // Something that it started may keep the pipes open.
    output.cancel();
    error.cancel();
  });
  deadline->set(time.now() + limit);
  command_output collected;
  const bool whole = co_await read_all(output, collected.output, output_bytes);
  if (!whole)
    co_return fail(errc::body_too_large, name + " wrote more than " + std::to_string(output_bytes) + " bytes");
  if (!late)
    co_await read_all(error, collected.error, error_bytes);
  if (!late)
    collected.status = co_await command.wait();
  if (late)
    co_return fail(errc::timed_out, name + " took too long and was killed");
  co_return collected;
}

}  // namespace kelvin
