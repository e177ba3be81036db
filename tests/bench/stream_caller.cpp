// Calls bench_stream_handler by the path that is given, one call after the other on one connection, and prints how long
// each first piece took from the function's write until it was read here: {"first_piece_ms":[…]}.
#include "sockets.hpp"

#include <vector>

using namespace bench;

namespace {

constexpr std::string_view mark = "stamp:";
constexpr std::size_t digits = 20;

/// Reads once; what came is appended. The time right behind the read.
std::int64_t read_more(int connection, std::string& received) {
  char block[4096];
  const ssize_t count = recv(connection, block, sizeof block, 0);
  const std::int64_t time = now_ns();
  if (count <= 0)
    fail("kelvin closed the connection amid an answer: " + received.substr(0, 300));
  received.append(block, static_cast<std::size_t>(count));
  return time;
}

/// One call: the time from the stamp to the read that brought it whole.
double call(int connection, const std::string& request) {
  if (!write_whole(connection, request, "{}"))
    fail_errno("send to kelvin");
  std::string received;
  std::size_t begin = std::string::npos;
  std::int64_t arrived = 0;
  do {
    arrived = read_more(connection, received);
    begin = received.find(mark);
  } while (begin == std::string::npos || received.size() < begin + mark.size() + digits);
  const std::int64_t written = std::atoll(received.substr(begin + mark.size(), digits).c_str());
  if (status_of(received) != 200)
    fail("kelvin did not answer 200: " + received.substr(0, 300));
  while (!received.ends_with("\r\n0\r\n\r\n"))
    read_more(connection, received);
  return static_cast<double>(arrived - written) / 1e6;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4)
    fail("usage: bench_stream_caller PORT PATH CALLS");
  const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
  const int calls = std::atoi(arguments[3]);
  const int connection = connect_to_loopback(port);
  if (connection < 0)
    fail_errno("connect to kelvin");
  const std::string request =
      "POST " + std::string(arguments[2]) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n";
  call(connection, request);  // The cold start is another figure.
  std::printf("{\"first_piece_ms\":[");
  for (int index = 0; index < calls; ++index)
    std::printf("%s%.4f", index == 0 ? "" : ",", call(connection, request));
  std::printf("]}\n");
}
