#include "runtime-api/base/byte_channel.hpp"

#include "tests/support/run_coroutine.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kelvin;
using namespace kelvin::test;

namespace {

awaitable<std::string> read_all(byte_channel& from) {
  std::string all;
  for (;;) {
    const payload piece = co_await from.read();
    if (piece.empty()) {
      co_return all;
    }
    all.append(piece.view());
  }
}

struct writer_end {
  int accepted = 0;
  bool refused = false;
  bool done = false;
};

awaitable<void> write_pieces(byte_channel& to, int count, std::string piece, writer_end& end) {
  for (int index = 0; index < count; ++index) {
    const bool wanted = co_await to.write(piece);
    if (!wanted) {
      end.refused = true;
      break;
    }
    ++end.accepted;
  }
  to.end();
  end.done = true;
}

void spawn(boost::asio::io_context& context, awaitable<void> task) {
  boost::asio::co_spawn(context.get_executor(), std::move(task), [](std::exception_ptr) {});
}

}  // namespace

TEST_CASE("what is written is read whole and in order") {
  boost::asio::io_context context;
  byte_channel channel(16);
  writer_end writer;
  spawn(context, write_pieces(channel, 1000, "abc", writer));
  const std::string all = run_coroutine(context, read_all(channel));
  CHECK(all.size() == 3000);
  CHECK(all.substr(0, 6) == "abcabc");
  CHECK(writer.accepted == 1000);
  CHECK(channel.written_bytes() == 3000);
}

TEST_CASE("a writer that is ahead by the limit waits for the reader") {
  boost::asio::io_context context;
  byte_channel channel(10);
  writer_end writer;
  spawn(context, write_pieces(channel, 100, "12345", writer));
  context.poll();
  CHECK(writer.accepted == 1);
  CHECK_FALSE(writer.done);
  CHECK(channel.written_bytes() == 10);
  CHECK(run_coroutine(context, channel.read()).size() == 10);
}

TEST_CASE("a reader that leaves lets the writer go on and tells it") {
  boost::asio::io_context context;
  byte_channel channel(4);
  writer_end writer;
  spawn(context, write_pieces(channel, 100, "12345", writer));
  context.poll();
  CHECK_FALSE(writer.done);
  channel.abandon();
  REQUIRE(run_until(context, [&] { return writer.done; }));
  CHECK(writer.refused);
}

TEST_CASE("ending releases both sides") {
  boost::asio::io_context context;
  byte_channel channel(4);
  writer_end writer;
  spawn(context, write_pieces(channel, 100, "12345", writer));
  context.poll();
  channel.end();
  REQUIRE(run_until(context, [&] { return writer.done; }));
  CHECK(run_coroutine(context, read_all(channel)) == "12345");

  byte_channel empty(4);
  empty.end();
  CHECK_FALSE(run_coroutine(context, empty.wait_begun()));
  CHECK(run_coroutine(context, empty.read()).empty());
}

TEST_CASE("the reader learns the content type before the first byte") {
  boost::asio::io_context context;
  byte_channel channel(4);
  channel.begin("text/plain");
  CHECK(run_coroutine(context, channel.wait_begun()));
  CHECK(channel.content_type() == "text/plain");
}
