#include "emulator/observability/log_writer.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace kelvin;

namespace {

/// A pipe, or a pair of sockets, with what was read of it.
class channel {
 public:
  static channel pipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    return channel(ends[0], ends[1]);
  }
  static channel sockets() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    return channel(ends[0], ends[1]);
  }
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;
  ~channel() {
    close_reader();
    ::close(writer);
  }

  void close_reader() {
    if (reader_ >= 0) {
      ::close(reader_);
      reader_ = -1;
    }
  }
  /// Takes everything that can be had now.
  const std::string& read_now() {
    char bytes[65536];
    pollfd readable{reader_, POLLIN, 0};
    while (::poll(&readable, 1, 0) == 1) {
      const ssize_t count = ::read(reader_, bytes, sizeof bytes);
      if (count <= 0) {
        break;
      }
      received.append(bytes, static_cast<std::size_t>(count));
    }
    return received;
  }

  int writer;
  std::string received;

 private:
  channel(int reader, int given_writer) : writer(given_writer), reader_(reader) {}
  int reader_;
};

void turn(boost::asio::io_context& context) {
  context.restart();
  context.poll();
}

/// Reads, and lets the loop go on, until everything expected has come.
bool receive(boost::asio::io_context& context, channel& log, std::size_t bytes) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (log.read_now().size() < bytes && std::chrono::steady_clock::now() < deadline) {
    context.restart();
    context.run_one_for(std::chrono::milliseconds(1));
  }
  return log.received.size() >= bytes;
}

std::string numbered_lines(std::size_t count) {
  std::string text;
  for (std::size_t number = 0; number < count; ++number) {
    text.append("line ").append(std::to_string(number)).append("\n");
  }
  return text;
}

bool is_non_blocking(int descriptor) {
  return (::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0;
}

}  // namespace

TEST_CASE("what one turn appends is written behind it, in order") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer);
  writer.append("a\n");
  writer.append("");
  writer.append("b\n");
  CHECK(log.read_now().empty());
  CHECK(writer.waiting_bytes() == 4);
  turn(context);
  CHECK(log.read_now() == "a\nb\n");
  CHECK(writer.waiting_bytes() == 0);
  CHECK_FALSE(is_non_blocking(log.writer));
}

TEST_CASE("one turn is one write") {
  boost::asio::io_context context{1};
  // A datagram keeps the bounds of each write.
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0);
  {
    log_writer writer(context, ends[1]);
    writer.append("a\n");
    writer.append("b\n");
    turn(context);
    char bytes[16];
    CHECK(::recv(ends[0], bytes, sizeof bytes, MSG_DONTWAIT) == 4);
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a pipe or socket that nobody reads blocks nothing, and loses nothing below the limit") {
  for (const bool is_pipe : {true, false}) {
    CAPTURE(is_pipe);
    boost::asio::io_context context{1};
    channel log = is_pipe ? channel::pipe() : channel::sockets();
    log_writer writer(context, log.writer, 4 * 1024 * 1024);
    std::vector<bool> told;
    writer.on_congested([&told](bool congested) { told.push_back(congested); });
    const std::string text = numbered_lines(200'000);
    REQUIRE(text.size() < 4 * 1024 * 1024);
    for (std::size_t at = 0; at < text.size(); at += 100'000) {
      writer.append(std::string_view(text).substr(at, 100'000));
      turn(context);
    }
    CHECK(writer.waiting_bytes() > 1024 * 1024);
    CHECK_FALSE(is_non_blocking(log.writer));
    REQUIRE(receive(context, log, text.size()));
    CHECK(log.received == text);
    turn(context);
    CHECK(writer.waiting_bytes() == 0);
    CHECK(told.empty());
  }
}

TEST_CASE("over the limit producers are told to stop, and to go on when everything is out") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  constexpr std::size_t limit_bytes = 1024 * 1024;
  log_writer writer(context, log.writer, limit_bytes);
  std::vector<bool> told;
  writer.on_congested([&told](bool congested) { told.push_back(congested); });
  const std::string text(limit_bytes + 500'000, 'x');
  writer.append(text);
  CHECK(told.empty());  // never from within append()
  turn(context);
  CHECK(told == std::vector<bool>{true});
  writer.append("still in order\n");
  turn(context);
  CHECK(told == std::vector<bool>{true});
  REQUIRE(receive(context, log, text.size() + 15));
  turn(context);
  CHECK(log.received == text + "still in order\n");
  CHECK(told == std::vector<bool>{true, false});
}

TEST_CASE("congestion that begins while the writer waits is told as well") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer, 1024 * 1024);
  std::vector<bool> told;
  writer.on_congested([&told](bool congested) { told.push_back(congested); });
  writer.append(std::string(900'000, 'x'));
  turn(context);
  CHECK(told.empty());
  writer.append(std::string(400'000, 'y'));
  turn(context);
  CHECK(told == std::vector<bool>{true});
}

TEST_CASE("beyond twice the limit text is dropped, and the log says how much") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer, 100'000);
  const std::string kept(200'000, 'x');
  writer.append(kept);
  writer.append(std::string(777, 'y'));
  const std::string note = "kelvin: warning: 777 bytes of log were dropped, because nobody read them in time\n";
  REQUIRE(receive(context, log, kept.size() + note.size()));
  CHECK(log.received == kept + note);
}

TEST_CASE("once the reader has gone everything is dropped quietly") {
  for (const bool is_pipe : {true, false}) {
    CAPTURE(is_pipe);
    boost::asio::io_context context{1};
    channel log = is_pipe ? channel::pipe() : channel::sockets();
    log_writer writer(context, log.writer, 100'000);
    std::vector<bool> told;
    writer.on_congested([&told](bool congested) { told.push_back(congested); });
    log.close_reader();
    writer.append("x\n");
    turn(context);
    CHECK(writer.waiting_bytes() == 0);
    writer.append(std::string(150'000, 'x'));
    turn(context);
    CHECK(writer.waiting_bytes() == 0);
    CHECK(told.empty());
    CHECK(writer.flush_blocking());
  }
}

TEST_CASE("a reader that goes while the writer waits frees what waited") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer, 100'000);
  std::vector<bool> told;
  writer.on_congested([&told](bool congested) { told.push_back(congested); });
  writer.append(std::string(190'000, 'x'));
  turn(context);
  CHECK(told == std::vector<bool>{true});
  log.close_reader();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (writer.waiting_bytes() != 0 && std::chrono::steady_clock::now() < deadline) {
    context.restart();
    context.run_one_for(std::chrono::milliseconds(1));
  }
  CHECK(writer.waiting_bytes() == 0);
  CHECK(told == std::vector<bool>{true, false});
}

TEST_CASE("a file is appended to through the caller's own descriptor") {
  boost::asio::io_context context{1};
  char path[] = "/tmp/kelvin-log-writer-XXXXXX";
  const int file = ::mkstemp(path);
  REQUIRE(file >= 0);
  ::unlink(path);
  {
    log_writer writer(context, file);
    REQUIRE(::write(file, "before\n", 7) == 7);
    writer.append("log\n");
    turn(context);
    REQUIRE(::write(file, "behind\n", 7) == 7);
  }
  char bytes[64];
  const ssize_t count = ::pread(file, bytes, sizeof bytes, 0);
  CHECK(std::string_view(bytes, static_cast<std::size_t>(count)) == "before\nlog\nbehind\n");
  ::close(file);
}

TEST_CASE("flush_blocking writes what waits without the loop") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer);
  writer.append("last words\n");
  CHECK(writer.flush_blocking());
  CHECK(log.read_now() == "last words\n");
}

TEST_CASE("flush_blocking gives up at its limit") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer);
  writer.append(std::string(1024 * 1024, 'x'));
  CHECK_FALSE(writer.flush_blocking(std::chrono::milliseconds(1)));
  CHECK(writer.waiting_bytes() > 0);
}

TEST_CASE("a writer may go while a flush or a wait is under way") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  {
    log_writer writer(context, log.writer);
    writer.append("never written\n");
  }
  turn(context);
  {
    log_writer writer(context, log.writer);
    writer.append(std::string(1024 * 1024, 'x'));
    turn(context);
  }
  const std::size_t before = log.read_now().size();
  turn(context);
  CHECK(log.read_now().size() == before);
}

TEST_CASE("a descriptor that is not open takes everything and writes nothing") {
  boost::asio::io_context context{1};
  log_writer writer(context, -1);
  writer.append("x\n");
  turn(context);
  CHECK(writer.waiting_bytes() == 0);
  CHECK(writer.flush_blocking());
}

TEST_CASE("a footer stays below the log: it is taken away before a write and written again behind it") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer);
  const auto written = [&] {
    turn(context);
    log.received.clear();
    return log.read_now();
  };
  writer.set_footer({"<one>", [] { return "<no one>"; }});
  CHECK(log.read_now().empty());
  CHECK(written() == "<one>");
  writer.append("a\n");
  writer.append("b\n");
  CHECK(written() == "<no one>a\nb\n<one>");
  writer.set_footer({"<one>", [] { return "<never asked for>"; }});
  CHECK(written() == "");
  writer.set_footer({"<two>", [] { return "<no two>"; }});
  writer.append("c\n");
  CHECK(written() == "<no one>c\n<two>");
  // Not in the middle of a line.
  writer.append("d");
  CHECK(written() == "<no two>d");
  writer.append("e\n");
  CHECK(written() == "e\n<two>");
  writer.set_footer({});
  CHECK(writer.flush_blocking());
  log.received.clear();
  CHECK(log.read_now() == "<no two>");
  writer.append("f\n");
  CHECK(written() == "f\n");
}

TEST_CASE("a footer is in order with what a full pipe keeps waiting") {
  boost::asio::io_context context{1};
  channel log = channel::pipe();
  log_writer writer(context, log.writer, 4 * 1024 * 1024);
  writer.set_footer({"<footer>", [] { return "<gone>"; }});
  turn(context);
  const std::string text = numbered_lines(100'000);
  writer.append(text);
  turn(context);
  writer.set_footer({"<other>", [] { return "<other gone>"; }});
  turn(context);
  const std::string expected = "<footer><gone>" + text + "<footer><gone><other>";
  CHECK(receive(context, log, expected.size()));
  CHECK(log.received == expected);
}
