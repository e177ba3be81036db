#include "tests/support/http_transcript.hpp"

#include "runtime-api/base/one_shot.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

using namespace kelvin;
using namespace kelvin::http;
using kelvin::test::http_server;
using kelvin::test::raw_client;
using kelvin::test::without_dates;

namespace {

awaitable<void> stream_two(exchange& asked) {
  response head;
  head.status = asked.head().target == "/204" ? 204 : 200;
  append_field(head.fields, "X", "y");
  co_await asked.begin_stream(std::move(head));
  co_await asked.write("hello");
  co_await asked.write("");
  co_await asked.write("0123456789abcdef!");
  co_await asked.finish_stream();
}

}  // namespace

TEST_CASE("a stream is sent in chunks and the connection kept") {
  http_server server(stream_two);
  const std::string streamed =
      "HTTP/1.1 200 OK\r\nDate: *\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nX: y\r\n\r\n"
      "5\r\nhello\r\n11\r\n0123456789abcdef!\r\n0\r\n\r\n";
  CHECK(server.talk("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n") == streamed + streamed);
  CHECK(server.talk("HEAD / HTTP/1.1\r\n\r\n") ==
        "HTTP/1.1 200 OK\r\nDate: *\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nX: y\r\n\r\n");
  CHECK(server.talk("GET /204 HTTP/1.1\r\n\r\n") ==
        "HTTP/1.1 204 No Content\r\nDate: *\r\nConnection: keep-alive\r\nX: y\r\n\r\n");
  CHECK(server.talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") ==
        "HTTP/1.1 200 OK\r\nDate: *\r\nConnection: close\r\nX: y\r\n\r\nhello0123456789abcdef!");
}

TEST_CASE("every piece goes out when it is written") {
  one_shot<std::monostate> next;
  http_server server([&](exchange& asked) -> awaitable<void> {
    response sent;
    co_await asked.begin_stream(std::move(sent));
    co_await asked.write("first");
    co_await next.wait();
    co_await asked.finish_stream();
  });
  raw_client client = server.connect();
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(client.expect(server.context, "5\r\nfirst\r\n"));
  CHECK(!client.received.ends_with("0\r\n\r\n"));
  next.set({});
  CHECK(client.expect(server.context, "0\r\n\r\n"));
}

TEST_CASE("a slow reader slows the stream down and gets all of it") {
  constexpr std::size_t pieces = 200;
  const std::string piece(100'000, 'p');
  std::size_t written = 0;
  http_server server([&](exchange& asked) -> awaitable<void> {
    response sent;
    co_await asked.begin_stream(std::move(sent));
    for (; written < pieces; ++written) {
      const bool whole = co_await asked.write(piece);
      CHECK(whole);
    }
    co_await asked.finish_stream();
  });
  raw_client client = server.connect(64 * 1024);
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return written != 0; }));
  test::run_ready(server.context);
  CHECK(written < pieces);
  std::size_t received = 0;
  CHECK(server.run_until([&] {
    client.receive_now(50'000);
    received += client.received.size();
    const bool ended = client.received.ends_with("0\r\n\r\n");
    client.received.clear();
    return ended;
  }));
  CHECK(received > pieces * piece.size());
}

TEST_CASE("a stream that breaks off is not taken for a whole one") {
  http_server server([](exchange& asked) -> awaitable<void> {
    response sent;
    co_await asked.begin_stream(std::move(sent));
    co_await asked.write("half");
    if (asked.head().target == "/throw") {
      throw std::runtime_error("broken");
    }
  });
  for (const std::string target : {"/return", "/throw"}) {
    const std::string received = server.talk("GET " + target + " HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    CHECK(received.ends_with("4\r\nhalf\r\n"));
  }
}

TEST_CASE("a writer is told when the reader has gone") {
  std::size_t accepted = 0;
  bool finished = true;
  http_server server([&](exchange& asked) -> awaitable<void> {
    response sent;
    co_await asked.begin_stream(std::move(sent));
    const std::string piece(100'000, 'p');
    while (true) {
      const bool whole = co_await asked.write(piece);
      if (!whole) {
        break;
      }
      ++accepted;
    }
    finished = co_await asked.finish_stream();
  });
  raw_client client = server.connect();
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return accepted != 0; }));
  client.break_off();
  CHECK(server.run_until([&] { return !finished; }));
  CHECK(server.run_until([&] { return server.listening->session_count() == 0; }));
}

TEST_CASE("a body can be read while the answer streams: an echo of any length") {
  http_server server([](exchange& asked) -> awaitable<void> {
    response sent;
    co_await asked.begin_stream(std::move(sent));
    while (true) {
      const auto piece = co_await asked.read_some();
      if (!piece || piece->empty()) {
        break;
      }
      co_await asked.write(*piece);
    }
    co_await asked.finish_stream();
  });
  CHECK(server.talk("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            .ends_with("\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
}
