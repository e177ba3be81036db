// Cold starts of bench_floor: bare ones (vfork, exec, first `next` at a listening socket), and, with --port, the same
// program as functions of a running kelvin, one of each in turn so that drift of the machine hits both alike.
//
//   bench_bare_start --floor FILE --rounds N [--pause-ms MS] [--port P --function-prefix NAME]
//
// The pause lies before each start, so that what a server prepares in its idle time is ready; 0 (default): a start
// follows the last one at once. kelvin must serve the functions NAME0 … NAME<N-1>, none of them invoked before.
// Prints one line of JSON, all series in milliseconds, one value per round:
//   bare_next         before vfork → the whole `GET next` is read
//   bare_to_start     before vfork → the program's first instruction
//   bare_own          first instruction → about to send `next`
//   kelvin_first      the first invocation's request is sent → its answer is read
//   kelvin_warm       median of 15 more invocations of the same environment, measured the same way
//   kelvin_to_start   request sent → the program's first instruction
//   kelvin_own        first instruction → about to send `next`
#include "spawning.hpp"

#include <algorithm>
#include <thread>

using namespace bench;

namespace {

constexpr int warm_invocations = 15;

struct own_times {
  std::int64_t start_ns = 0;
  std::int64_t next_ns = 0;
};

/// What bench_floor answers to an event.
own_times parse_own_times(std::string_view body) {
  own_times times;
  const std::size_t start = body.find("\"start_ns\":");
  const std::size_t next = body.find("\"next_ns\":");
  if (start == std::string_view::npos || next == std::string_view::npos) {
    fail("the function under test is not bench_floor; it answered " + std::string(body.substr(0, 200)));
  }
  std::from_chars(body.data() + start + 11, body.data() + body.size(), times.start_ns);
  std::from_chars(body.data() + next + 10, body.data() + body.size(), times.next_ns);
  return times;
}

struct series {
  std::vector<std::int64_t> bare_next, bare_to_start, bare_own;
  std::vector<std::int64_t> kelvin_first, kelvin_warm, kelvin_to_start, kelvin_own;
};

void start_bare(const std::string& floor, series& found) {
  const int listening = listen_on_loopback(0, 0);
  const std::vector<std::string> variables = {"AWS_LAMBDA_RUNTIME_API=127.0.0.1:" + std::to_string(port_of(listening)),
                                              "AWS_LAMBDA_FUNCTION_NAME=floor",
                                              "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                                              "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                                              "AWS_REGION=us-east-1",
                                              "_HANDLER=bootstrap"};
  byte_buffer message;
  message_extent extent;
  const std::int64_t begun_ns = now_ns();
  const pid_t child = start_process({floor}, variables, false);
  const int connection = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0)
    fail_errno("accept");
  if (!read_message(connection, message, extent))
    fail("bench_floor ended before its first `next`");
  const std::int64_t next_ns = now_ns() - begun_ns;
  if (!message.view().starts_with(next_request))
    fail("bench_floor did not ask for `next`");
  message.consume(message.size());
  if (!write_whole(connection, "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 0\r\nContent-Length: 2\r\n\r\n{}",
                   {}) ||
      !read_message(connection, message, extent)) {
    fail("bench_floor did not answer");
  }
  const own_times own = parse_own_times(message.view().substr(extent.head_bytes));
  end_process(child, SIGKILL);
  close(connection);
  close(listening);
  found.bare_next.push_back(next_ns);
  found.bare_to_start.push_back(own.start_ns - begun_ns);
  found.bare_own.push_back(own.next_ns - own.start_ns);
}

void start_in_kelvin(int connection, std::uint16_t port, const std::string& function, series& found) {
  byte_buffer answer;
  message_extent extent;
  std::int64_t sent_ns = 0;
  found.kelvin_first.push_back(time_invocation(connection, port, function, answer, extent, sent_ns));
  const own_times own = parse_own_times(answer.view().substr(extent.head_bytes));
  if (own.start_ns < sent_ns)
    fail(function + " was started before it was invoked: not a cold start");
  found.kelvin_to_start.push_back(own.start_ns - sent_ns);
  found.kelvin_own.push_back(own.next_ns - own.start_ns);
  std::vector<std::int64_t> warm;
  for (int index = 0; index < warm_invocations; ++index) {
    warm.push_back(time_invocation(connection, port, function, answer, extent, sent_ns));
    if (parse_own_times(answer.view().substr(extent.head_bytes)).start_ns != own.start_ns) {
      fail(function + " got a second environment in sequential invocations");
    }
  }
  std::nth_element(warm.begin(), warm.begin() + warm_invocations / 2, warm.end());
  found.kelvin_warm.push_back(warm[warm_invocations / 2]);
}

}  // namespace

int main(int count, char** arguments) {
  std::string floor;
  std::string prefix = "floor";
  int rounds = 0;
  std::chrono::milliseconds pause{0};
  std::uint16_t port = 0;
  for (int index = 1; index + 1 < count; index += 2) {
    const std::string_view name = arguments[index];
    if (name == "--floor")
      floor = arguments[index + 1];
    else if (name == "--rounds")
      rounds = std::atoi(arguments[index + 1]);
    else if (name == "--pause-ms")
      pause = std::chrono::milliseconds(std::atoi(arguments[index + 1]));
    else if (name == "--port")
      port = static_cast<std::uint16_t>(std::atoi(arguments[index + 1]));
    else if (name == "--function-prefix")
      prefix = arguments[index + 1];
    else
      fail("unknown option " + std::string(name));
  }
  if (floor.empty() || rounds <= 0 || count % 2 == 0)
    fail("usage: bench_bare_start --floor FILE --rounds N [--port P]");
  series found;
  start_bare(floor, found);
  found = {};  // The first one pays for the page cache and this program's own first time.
  const int connection = port == 0 ? -1 : connect_to_loopback(port);
  if (port != 0 && connection < 0)
    fail_errno("connect to kelvin");
  for (int round = 0; round < rounds; ++round) {
    std::this_thread::sleep_for(pause);
    start_bare(floor, found);
    if (port == 0)
      continue;
    std::this_thread::sleep_for(pause);
    start_in_kelvin(connection, port, prefix + std::to_string(round), found);
  }
  std::printf("{");
  print_series("bare_next", found.bare_next), std::printf(",");
  print_series("bare_to_start", found.bare_to_start), std::printf(",");
  print_series("bare_own", found.bare_own), std::printf(",");
  print_series("kelvin_first", found.kelvin_first), std::printf(",");
  print_series("kelvin_warm", found.kelvin_warm), std::printf(",");
  print_series("kelvin_to_start", found.kelvin_to_start), std::printf(",");
  print_series("kelvin_own", found.kelvin_own), std::printf("}\n");
}
