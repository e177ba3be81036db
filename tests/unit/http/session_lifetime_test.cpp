#include "tests/support/http_transcript.hpp"
#include "tests/support/manual_clock.hpp"

#include "runtime-api/base/one_shot.hpp"

#include <sys/resource.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace kelvin;
using namespace kelvin::http;
using kelvin::test::http_server;
using kelvin::test::raw_client;

namespace {

using event = one_shot<std::monostate>;

awaitable<void> answer_ok(exchange& asked) {
  response sent;
  sent.body = "ok";
  co_await asked.respond(std::move(sent));
}

/// Parks each request until the test sets its signal, then answers and notes what became of it.
struct parking {
  std::vector<std::unique_ptr<event>> parked;
  std::vector<bool> answered;

  request_handler handler() {
    return [this](exchange& asked) -> awaitable<void> {
      parked.push_back(std::make_unique<event>());
      co_await parked.back()->wait();
      response sent;
      const std::string body = "parked " + asked.head().target;
      sent.body = body;
      const bool whole = co_await asked.respond(std::move(sent));
      answered.push_back(whole);
    };
  }
};

}  // namespace

TEST_CASE("two thousand open connections, each answered") {
  rlimit descriptors{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &descriptors) == 0);
  const rlimit before = descriptors;
  descriptors.rlim_cur = std::min<rlim_t>(descriptors.rlim_max, 8192);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &descriptors) == 0);
  constexpr std::size_t count = 2000;
  {
    http_server server(answer_ok);
    std::vector<raw_client> clients;
    for (std::size_t index = 0; index < count; ++index) {
      clients.push_back(server.connect());
      test::run_ready(server.context);
    }
    CHECK(server.run_until([&] { return server.listening->session_count() == count; }));
    CHECK(server.listening->reading_session_count() == count);
    for (int round = 0; round < 2; ++round) {
      for (raw_client& client : clients) {
        client.received.clear();
        client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
      }
      std::size_t answered = 0;
      for (raw_client& client : clients) {
        answered += client.expect(server.context, "\r\n\r\nok") ? 1 : 0;
      }
      CHECK(answered == count);
    }
    clients.clear();
    CHECK(server.run_until([&] { return server.listening->session_count() == 0; }));
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE("over the connection limit a connection is accepted and closed") {
  listener_options options;
  options.connection_limit = 2;
  int accepted = 0;
  options.on_accept = [&](steady_time) { ++accepted; };
  http_server server(answer_ok, options);
  raw_client first = server.connect();
  raw_client second = server.connect();
  raw_client third = server.connect();
  CHECK(third.expect_end(server.context));
  CHECK(accepted == 3);
  first.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(first.expect(server.context, "ok"));
  second.close();
  CHECK(server.run_until([&] { return server.listening->session_count() == 1; }));
  raw_client fourth = server.connect();
  fourth.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(fourth.expect(server.context, "ok"));
}

TEST_CASE("out of descriptors the listener waits without spinning and goes on") {
  http_server server(answer_ok);
  std::vector<int> hoard;
  raw_client client = server.connect();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int highest = ::dup(0);
  REQUIRE(highest >= 0);
  ::close(highest);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(highest);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  client.send_now("GET / HTTP/1.1\r\n\r\n");
  std::size_t handlers_run = 0;
  for (int round = 0; round < 20; ++round) {
    server.context.restart();
    handlers_run += server.context.run_for(std::chrono::milliseconds(5));
  }
  CHECK(server.listening->session_count() == 0);
  CHECK(handlers_run < 50);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(client.expect(server.context, "ok"));
}

TEST_CASE("sessions inside a handler are told apart from those that read") {
  parking lot;
  http_server server(lot.handler());
  raw_client waiting = server.connect();
  raw_client idle = server.connect();
  waiting.send(server.context, "GET /1 HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return lot.parked.size() == 1 && server.listening->session_count() == 2; }));
  CHECK(server.listening->reading_session_count() == 1);
  lot.parked[0]->set({});
  CHECK(waiting.expect(server.context, "parked /1"));
  CHECK(server.listening->reading_session_count() == 2);
}

TEST_CASE("stop_accepting lets each session end behind its present answer") {
  parking lot;
  http_server server(lot.handler());
  raw_client busy = server.connect();
  busy.send(server.context, "GET /busy HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return lot.parked.size() == 1; }));
  raw_client idle = server.connect();
  idle.send(server.context, "GET /idle HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return lot.parked.size() == 2; }));
  lot.parked[1]->set({});
  CHECK(idle.expect(server.context, "parked /idle"));
  CHECK(idle.received.find("Connection: keep-alive") != std::string::npos);

  const std::uint16_t port = server.listening->port();
  server.listening->stop_accepting();
  CHECK(idle.expect_end(server.context));
  CHECK(!busy.ended);
  lot.parked[0]->set({});
  CHECK(busy.expect_end(server.context));
  CHECK(busy.received.find("Connection: close") != std::string::npos);
  CHECK(busy.received.ends_with("parked /busy"));
  CHECK(server.listening->session_count() == 0);

  boost::asio::io_context other;
  system_clock time(other);
  listener_options same;
  same.port = port;
  CHECK(listener::open(other, time, same, answer_ok).has_value());
}

TEST_CASE("close_sessions ends all at once; parked handlers learn it when they answer") {
  parking lot;
  http_server server(lot.handler());
  raw_client parked = server.connect();
  raw_client idle = server.connect();
  raw_client halfway = server.connect();
  parked.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  halfway.send(server.context, "GET / HT");
  CHECK(server.run_until([&] { return lot.parked.size() == 1 && server.listening->session_count() == 3; }));
  server.listening->close_sessions();
  CHECK(server.listening->session_count() == 0);
  CHECK(server.listening->reading_session_count() == 0);
  CHECK(parked.expect_end(server.context));
  CHECK(idle.expect_end(server.context));
  CHECK(halfway.expect_end(server.context));
  lot.parked[0]->set({});
  CHECK(server.run_until([&] { return lot.answered.size() == 1; }));
  CHECK(!lot.answered[0]);
  raw_client next = server.connect();
  next.send(server.context, "GET /next HTTP/1.1\r\n\r\n");
  CHECK(server.run_until([&] { return lot.parked.size() == 2; }));
  lot.parked[1]->set({});
  CHECK(next.expect(server.context, "parked /next"));
}

TEST_CASE("the listener and its clock may go while handlers are parked") {
  parking lot;
  boost::asio::io_context context;
  std::optional<raw_client> client;
  {
    test::manual_clock time;
    auto opened = listener::open(context, time, {}, lot.handler());
    REQUIRE(opened.has_value());
    client.emplace((*opened)->port());
    client->send(context, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
    CHECK(test::run_until(context, [&] { return lot.parked.size() == 1; }));
    opened->reset();
  }
  CHECK(client->expect_end(context));
  SUBCASE("and end later") {
    lot.parked[0]->set({});
    CHECK(test::run_until(context, [&] { return lot.answered.size() == 1; }));
    CHECK(!lot.answered[0]);
  }
  SUBCASE("or never end") {
    lot.parked.clear();
    test::run_ready(context);
    CHECK(lot.answered.empty());
  }
}

TEST_CASE("the listener may go while sessions read bodies, write and linger") {
  const std::string large(16u * 1024 * 1024, 'x');
  std::vector<bool> answered;
  std::vector<errc> failures;
  std::optional<http_server> server;
  server.emplace([&](exchange& asked) -> awaitable<void> {
    if (asked.head().target == "/read") {
      const auto body = co_await asked.read_body(100);
      failures.push_back(body.error().code);
    }
    response sent;
    sent.body = asked.head().target == "/linger" ? std::string_view("short") : std::string_view(large);
    const bool whole = co_await asked.respond(std::move(sent));
    answered.push_back(whole);
  });
  raw_client reading = server->connect();
  raw_client writing = server->connect();
  raw_client lingering = server->connect();
  reading.send(server->context, "POST /read HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
  writing.send(server->context, "GET /write HTTP/1.1\r\n\r\n");
  lingering.send(server->context, "POST /linger HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
  CHECK(lingering.expect(server->context, "short"));
  test::run_ready(server->context);
  CHECK(server->listening->session_count() == 3);
  server->listening.reset();
  CHECK(server->run_until([&] { return answered.size() == 3; }));
  CHECK(answered == std::vector<bool>{true, false, false});
  CHECK(failures == std::vector<errc>{errc::message_truncated});
}

TEST_CASE("the loop itself may go first") {
  auto context = std::make_unique<boost::asio::io_context>();
  auto time = std::make_unique<system_clock>(*context);
  auto opened = listener::open(*context, *time, {}, answer_ok);
  REQUIRE(opened.has_value());
  raw_client client((*opened)->port());
  client.send(*context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(client.expect(*context, "ok"));
  opened->reset();
  context.reset();
  CHECK(!client.ended);
}

TEST_CASE("open() says why it cannot listen") {
  boost::asio::io_context context;
  system_clock time(context);
  const auto code_of = [&](listener_options options) {
    auto opened = listener::open(context, time, std::move(options), answer_ok);
    REQUIRE(!opened.has_value());
    CHECK(!opened.error().detail.empty());
    return opened.error().code;
  };
  listener_options options;
  options.address = "localhost";
  CHECK(code_of(options) == errc::invalid_argument);
  options.address = "192.0.2.1";
  CHECK(code_of(options) == errc::invalid_argument);
  options.address = "127.0.0.1";
  auto first = listener::open(context, time, options, answer_ok);
  REQUIRE(first.has_value());
  options.port = (*first)->port();
  CHECK(options.port != 0);
  CHECK(code_of(options) == errc::address_in_use);
}

TEST_CASE("IPv4 and IPv6 listeners share a port") {
  boost::asio::io_context context;
  system_clock time(context);
  listener_options options;
  options.address = "::1";
  auto six = listener::open(context, time, options, answer_ok);
  if (!six.has_value()) {
    MESSAGE("this machine has no IPv6: ", six.error().detail);
    return;
  }
  options.address = "127.0.0.1";
  options.port = (*six)->port();
  CHECK(listener::open(context, time, options, answer_ok).has_value());
}
