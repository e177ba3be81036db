// Starts of a server, told by its ready line and by the first connection it takes, in turn.
//
//   bench_ready_start --rounds N --function NAME -- PROGRAM ARGUMENT…
//
// The program gets `--listen 127.0.0.1:PORT --ready-fd 3` behind its arguments. Prints one line of JSON, all series in
// milliseconds:
//   ready         before vfork → its ready line is read (port 0; a connection must then succeed at once)
//   connected     before vfork → the first successful connect to a port chosen beforehand, tried without pause
//   first_answer  before vfork → the first invocation's answer, sent on reading the ready line
#include "spawning.hpp"

using namespace bench;

namespace {

constexpr int ready_descriptor = 3;

struct series {
  std::vector<std::int64_t> ready, connected, first_answer;
};

std::vector<std::string> with_listen(std::vector<std::string> command, std::uint16_t port) {
  command.insert(command.end(),
                 {"--listen", "127.0.0.1:" + std::to_string(port), "--ready-fd", std::to_string(ready_descriptor)});
  return command;
}

/// The port in `{"url":…,"port":P,…}`.
std::uint16_t port_in(const std::string& line) {
  const std::size_t at = line.find("\"port\":");
  if (at == std::string::npos)
    fail("the ready line names no port: " + line);
  return static_cast<std::uint16_t>(std::atoi(line.c_str() + at + 7));
}

/// Makes a pipe whose writing end is descriptor 3, which children inherit; returns the reading end.
int make_ready_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    fail_errno("pipe");
  const int reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10);
  const int writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
  close(ends[0]);
  close(ends[1]);
  dup2(writing, ready_descriptor);
  close(writing);
  return reading;
}

std::string read_line(int reading) {
  std::string line;
  char byte;
  while (read(reading, &byte, 1) == 1 && byte != '\n')
    line.push_back(byte);
  return line;
}

void start_until_ready(const std::vector<std::string>& command, const std::vector<std::string>& variables,
                       const std::string& function, series& found) {
  const int reading = make_ready_pipe();
  const std::vector<std::string> arguments = with_listen(command, 0);
  const std::int64_t begun_ns = now_ns();
  const pid_t child = start_process(arguments, variables, true);
  close(ready_descriptor);
  const std::string line = read_line(reading);
  const std::int64_t ready_ns = now_ns() - begun_ns;
  if (line.empty())
    fail(command[0] + " ended without a ready line");
  const std::uint16_t port = port_in(line);
  const int connection = connect_to_loopback(port);
  if (connection < 0)
    fail_errno("the ready line came before the port was open");
  byte_buffer answer;
  message_extent extent;
  std::int64_t sent_ns = 0;
  time_invocation(connection, port, function, answer, extent, sent_ns);
  found.first_answer.push_back(now_ns() - begun_ns);
  found.ready.push_back(ready_ns);
  close(connection);
  close(reading);
  end_process(child, SIGINT);
}

void start_until_connected(const std::vector<std::string>& command, const std::vector<std::string>& variables,
                           series& found) {
  const int reserved = listen_on_loopback(0, 0);
  const std::uint16_t port = port_of(reserved);
  close(reserved);
  const int reading = make_ready_pipe();
  const std::vector<std::string> arguments = with_listen(command, port);
  const std::int64_t begun_ns = now_ns();
  const pid_t child = start_process(arguments, variables, true);
  close(ready_descriptor);
  int connection = -1;
  while ((connection = connect_to_loopback(port)) < 0) {
    if (now_ns() - begun_ns > 10'000'000'000)
      fail(command[0] + " took no connection within 10 s");
  }
  found.connected.push_back(now_ns() - begun_ns);
  close(connection);
  read_line(reading);
  close(reading);
  end_process(child, SIGINT);
}

}  // namespace

int main(int count, char** arguments) {
  int rounds = 0;
  std::string function = "function";
  std::vector<std::string> command;
  for (int index = 1; index < count; index += 2) {
    const std::string_view name = arguments[index];
    if (name == "--") {
      command.assign(arguments + index + 1, arguments + count);
      break;
    }
    if (index + 1 == count)
      fail(std::string(name) + " wants a value");
    if (name == "--rounds")
      rounds = std::atoi(arguments[index + 1]);
    else if (name == "--function")
      function = arguments[index + 1];
    else
      fail("unknown option " + std::string(name));
  }
  if (command.empty() || rounds <= 0)
    fail("usage: bench_ready_start --rounds N --function NAME -- PROGRAM ARGUMENT…");
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  series found;
  start_until_ready(command, variables, function, found);
  found = {};  // The first start reads the program from disk.
  for (int round = 0; round < rounds; ++round) {
    start_until_ready(command, variables, function, found);
    start_until_connected(command, variables, found);
  }
  std::printf("{");
  print_series("ready", found.ready), std::printf(",");
  print_series("connected", found.connected), std::printf(",");
  print_series("first_answer", found.first_answer), std::printf("}\n");
}
