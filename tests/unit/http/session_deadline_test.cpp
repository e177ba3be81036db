#include "tests/support/http_transcript.hpp"
#include "tests/support/manual_clock.hpp"

#include "runtime-api/base/one_shot.hpp"

#include <string>
#include <utility>
#include <variant>

using namespace kelvin;
using namespace kelvin::http;
using namespace std::chrono_literals;
using kelvin::test::http_server;
using kelvin::test::raw_client;

namespace {

awaitable<void> read_and_tell(exchange& asked) {
  const auto body = co_await asked.read_body(100'000);
  response sent;
  sent.body = body ? "whole" : body.error().code == errc::timed_out ? "timed out" : "failed";
  co_await asked.respond(sent);
}

/// Lets the session see what was sent to it, whatever the kernel's delivery takes.
void settle(http_server& server) {
  for (int round = 0; round < 3; ++round) {
    test::run_ready(server.context);
    server.context.restart();
    server.context.run_for(std::chrono::milliseconds(2));
  }
}

}  // namespace

TEST_CASE("between two requests a connection lives for idle_timeout") {
  test::manual_clock time;
  http_server server(read_and_tell, {}, &time);
  raw_client client = server.connect();
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(client.expect(server.context, "whole"));
  CHECK(server.run_until([&] { return time.armed() == 1; }));
  time.advance(limits::keep_alive_idle - 1s);
  settle(server);
  CHECK(server.listening->session_count() == 1);
  time.advance(1s);
  CHECK(client.expect_end(server.context));
  CHECK(server.listening->session_count() == 0);
}

TEST_CASE("without idle_timeout nothing is timed between requests") {
  test::manual_clock time;
  listener_options options;
  options.idle_timeout = std::nullopt;
  http_server server(read_and_tell, options, &time);
  raw_client client = server.connect();
  CHECK(server.run_until([&] { return server.listening->session_count() == 1; }));
  settle(server);
  CHECK(time.armed() == 0);
  time.advance(1000h);
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(client.expect(server.context, "whole"));
  settle(server);
  CHECK(time.armed() == 0);
}

TEST_CASE("a header that does not come to its end is answered 408, however often a byte comes") {
  test::manual_clock time;
  listener_options options;
  options.idle_timeout = std::nullopt;
  http_server server(read_and_tell, options, &time);
  raw_client client = server.connect();
  for (auto passed = 0s; passed < limits::header_read; passed += 1s) {
    client.send(server.context, passed == 0s ? "GET / HTTP/1.1\r\nX: " : "x");
    if (passed == 0s) {
      CHECK(server.run_until([&] { return time.armed() == 1; }));
    }
    CHECK(time.next() <= time.now() + limits::header_read - passed);
    settle(server);
    time.advance(1s);
  }
  CHECK(client.expect(server.context, "HTTP/1.1 408 Request Timeout"));
}

TEST_CASE("a body may be slow, but not silent") {
  test::manual_clock time;
  http_server server(read_and_tell, {}, &time);
  raw_client client = server.connect();
  client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n");
  CHECK(server.run_until([&] { return time.next() == time.now() + limits::body_read_idle; }));
  SUBCASE("slow") {
    for (int count = 0; count < 10; ++count) {
      time.advance(limits::body_read_idle - 1s);
      client.send(server.context, "x");
      CHECK(server.run_until([&] { return time.next() >= time.now() + limits::body_read_idle; }));
    }
    CHECK(client.expect(server.context, "whole"));
  }
  SUBCASE("silent") {
    time.advance(limits::body_read_idle);
    CHECK(client.expect(server.context, "timed out"));
    CHECK(client.received.find("Connection: close") != std::string::npos);
  }
}

TEST_CASE("without timeouts a header and an answer may take for ever") {
  test::manual_clock time;
  listener_options options;
  options.idle_timeout = std::nullopt;
  options.header_timeout = std::nullopt;
  options.write_idle_timeout = std::nullopt;
  const std::string large(16u * 1024 * 1024, 'x');
  http_server server(
      [&](exchange& asked) -> awaitable<void> {
        response answer;
        answer.body = large;
        co_await asked.respond(answer);
      },
      options, &time);
  raw_client client = server.connect();
  client.send(server.context, "GET / HTTP/1.1\r\nX: ");
  settle(server);
  CHECK(time.armed() == 0);
  time.advance(1000h);
  client.send(server.context, "x\r\n\r\n");
  settle(server);
  CHECK(time.armed() == 0);
  time.advance(1000h);
  CHECK(server.run_until([&] {
    client.receive_now();
    return client.received.ends_with(std::string_view(large));
  }));
}

TEST_CASE("a peer that takes nothing of an answer is given up") {
  test::manual_clock time;
  const std::string large(16u * 1024 * 1024, 'x');
  std::optional<bool> sent;
  http_server server(
      [&](exchange& asked) -> awaitable<void> {
        response answer;
        answer.body = large;
        sent = co_await asked.respond(answer);
      },
      {}, &time);
  raw_client client = server.connect();
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return time.next() == time.now() + limits::response_write_idle; }));
  settle(server);
  SUBCASE("nothing at all") {
    time.advance(limits::response_write_idle);
    CHECK(server.run_until([&] { return sent.has_value(); }));
    CHECK(!*sent);
    CHECK(server.run_until([&] { return server.listening->session_count() == 0; }));
  }
  SUBCASE("slowly") {
    int rounds = 0;
    while (!sent && rounds < 10'000) {
      time.advance(limits::response_write_idle - 1s);
      client.receive_now(1024 * 1024);
      settle(server);
      ++rounds;
    }
    CHECK(sent == true);
    CHECK(rounds > 2);
    CHECK(server.run_until([&] {
      client.receive_now();
      return client.received.ends_with(std::string_view(large));
    }));
  }
}

TEST_CASE("a handler that waits for something else has no deadline") {
  test::manual_clock time;
  one_shot<std::monostate> event;
  http_server server(
      [&](exchange& asked) -> awaitable<void> {
        co_await event.wait();
        response answer;
        answer.body = "at last";
        co_await asked.respond(answer);
      },
      {}, &time);
  raw_client client = server.connect();
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(server.run_until(
      [&] { return server.listening->session_count() == 1 && server.listening->reading_session_count() == 0; }));
  CHECK(time.armed() == 0);
  time.advance(10000h);
  settle(server);
  event.set({});
  CHECK(client.expect(server.context, "at last"));
}

TEST_CASE("behind a closing answer the peer gets a bounded time to take it") {
  test::manual_clock time;
  http_server server(
      [](exchange& asked) -> awaitable<void> {
        response sent;
        co_await asked.respond(std::move(sent));
      },
      {}, &time);
  raw_client client = server.connect();
  client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
  CHECK(client.expect_end(server.context));
  CHECK(server.listening->session_count() == 1);
  CHECK(server.run_until([&] { return time.armed() == 1; }));
  CHECK(*time.next() - time.now() <= 5s);
  time.advance(5s);
  CHECK(server.run_until([&] { return server.listening->session_count() == 0; }));
}

TEST_CASE("Date is the clock's, in the form of RFC 9110") {
  test::manual_clock time;
  http_server server(read_and_tell, {}, &time);
  raw_client client = server.connect();
  const std::string request = "GET / HTTP/1.1\r\n\r\n";
  client.send(server.context, request);
  CHECK(client.expect(server.context, "\r\nDate: Wed, 01 Jan 2025 00:00:00 GMT\r\n"));
  time.advance(61s);
  client.send(server.context, request);
  CHECK(client.expect(server.context, "\r\nDate: Wed, 01 Jan 2025 00:01:01 GMT\r\n"));
}
