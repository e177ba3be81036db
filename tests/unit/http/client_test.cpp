#include "runtime-api/http/client.hpp"

#include "runtime-api/base/task_group.hpp"
#include "runtime-api/http/response_parser.hpp"
#include "tests/support/http_transcript.hpp"
#include "tests/support/manual_clock.hpp"

#include "runtime-api/base/one_shot.hpp"

#include <optional>
#include <string>
#include <utility>

using namespace kelvin;
using namespace kelvin::http;
using kelvin::test::http_server;

namespace {

awaitable<void> store(awaitable<result<client_response>> asked, std::optional<result<client_response>>& into) {
  into.emplace(co_await std::move(asked));
}

result<client_response> ask(boost::asio::io_context& context, kelvin::clock& time, client_request request) {
  task_group tasks(context, nullptr);
  std::optional<result<client_response>> answer;
  tasks.spawn(store(send_request(context, time, std::move(request)), answer));
  REQUIRE(test::run_until(context, [&] { return answer.has_value(); }));
  return std::move(*answer);
}

result<client_response> ask(http_server& server, client_request request) {
  system_clock time(server.context);
  request.port = server.listening->port();
  return ask(server.context, time, std::move(request));
}

awaitable<void> echo(exchange& asked) {
  auto body = co_await asked.read_body(10'000'000);
  response sent;
  append_field(sent.fields, "X-Method", asked.head().method_text);
  append_field(sent.fields, "X-Host", asked.head().fields.find("Host").value_or("none"));
  sent.status = 202;
  sent.body = body->view();
  co_await asked.respond(std::move(sent));
}

/// Parses one answer given in pieces.
response_parser::progress parse(response_parser& parser, std::string_view bytes, std::size_t step_bytes) {
  std::string buffer;
  while (true) {
    const auto step = parser.put(buffer);
    buffer.erase(0, step.consumed);
    if (step.what != response_parser::progress::need_more || bytes.empty()) {
      return step.what;
    }
    buffer.append(bytes.substr(0, step_bytes));
    bytes.remove_prefix(std::min(step_bytes, bytes.size()));
  }
}

}  // namespace

TEST_CASE("send_request: a request and its answer, small and large") {
  http_server server(echo);
  for (const std::size_t size : {0ul, 3ul, 6'000'000ul}) {
    const std::string body(size, 'b');
    client_request request;
    request.method = "POST";
    request.body = body;
    const auto answer = ask(server, std::move(request));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 202);
    CHECK(answer->fields.find("x-method") == "POST");
    CHECK(answer->fields.find("x-host") == "localhost:" + std::to_string(server.listening->port()));
    CHECK((answer->body.view() == body));
  }
}

TEST_CASE("send_request: streams, HEAD, interim answers and limits") {
  http_server server([](exchange& asked) -> awaitable<void> {
    const auto body = co_await asked.read_body(100);  // answers 100 Continue first
    response head;
    co_await asked.begin_stream(std::move(head));
    co_await asked.write("streamed ");
    co_await asked.write("answer");
    co_await asked.finish_stream();
  });
  client_request request;
  SUBCASE("chunked") {
    const auto answer = ask(server, request);
    REQUIRE(answer.has_value());
    CHECK(answer->body.view() == "streamed answer");
  }
  SUBCASE("HEAD") {
    request.method = "HEAD";
    const auto answer = ask(server, request);
    REQUIRE(answer.has_value());
    CHECK(answer->body.empty());
  }
  SUBCASE("over the limit") {
    request.body_limit_bytes = 14;
    const auto answer = ask(server, request);
    REQUIRE(!answer.has_value());
    CHECK(answer.error().code == errc::body_too_large);
  }
}

TEST_CASE("send_request: failures say what to do") {
  boost::asio::io_context context;
  test::manual_clock time;
  client_request request;
  SUBCASE("a name") {
    request.host = "example.com";
    CHECK(ask(context, time, request).error().code == errc::invalid_argument);
  }
  SUBCASE("nobody listens") {
    system_clock real(context);
    auto gone = listener::open(context, real, {}, echo);
    request.port = (*gone)->port();
    gone->reset();
    const auto answer = ask(context, time, request);
    CHECK(answer.error().code == errc::connection_closed);
    CHECK(answer.error().detail.find("start kelvin") != std::string::npos);
  }
  SUBCASE("no answer in time") {
    one_shot<int> never;
    http_server server([&](exchange&) -> awaitable<void> { co_await never.wait(); });
    request.port = server.listening->port();
    request.deadline = std::chrono::seconds(7);
    task_group tasks(server.context, nullptr);
    std::optional<result<client_response>> answer;
    tasks.spawn(store(send_request(server.context, time, request), answer));
    CHECK(server.run_until(
        [&] { return server.listening->session_count() == 1 && server.listening->reading_session_count() == 0; }));
    time.advance(std::chrono::seconds(7));
    CHECK(server.run_until([&] { return answer.has_value(); }));
    CHECK(answer->error().code == errc::timed_out);
    // A parked coroutine must not outlive its loop.
    never.set(0);
  }
  SUBCASE("closed without an answer, and in the middle of one") {
    for (const bool begun : {false, true}) {
      http_server server([&](exchange& asked) -> awaitable<void> {
        if (begun) {
          response head;
          co_await asked.begin_stream(std::move(head));
        }
        server.listening->close_sessions();
      });
      const auto answer = ask(server, request);
      CHECK(answer.error().code == (begun ? errc::message_truncated : errc::connection_closed));
    }
  }
}

TEST_CASE("response_parser: the split of the bytes makes no difference") {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\nT: t\r\n\r\n";
  const std::string empty = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  const std::string plain = "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nA: b\r\n\r\nhello";
  const std::string endless = "HTTP/1.0 200 OK\r\n\r\nhello";
  for (std::size_t step_bytes = 1; step_bytes < 100; ++step_bytes) {
    response_parser one(false, 8192, 6);
    CHECK(parse(one, chunked, step_bytes) == response_parser::progress::complete);
    CHECK(one.body().view() == "hello!");
    response_parser two(false, 8192, 0);
    CHECK(parse(two, empty, step_bytes) == response_parser::progress::complete);
    response_parser three(false, 8192, 5);
    CHECK(parse(three, plain, step_bytes) == response_parser::progress::complete);
    CHECK(three.status() == 404);
    CHECK(three.fields().find("a") == "b");
    response_parser four(false, 8192, 5);
    CHECK(parse(four, endless, step_bytes) == response_parser::progress::need_more);
    CHECK(four.put_end());
    CHECK(four.body().view() == "hello");
    response_parser five(false, 8192, 4);
    CHECK(parse(five, chunked, step_bytes) == response_parser::progress::body_too_large);
    response_parser six(false, 40, 100);
    CHECK(parse(six, "HTTP/1.1 200 OK\r\nA: " + std::string(100, 'x'), step_bytes) ==
          response_parser::progress::header_too_large);
    response_parser seven(false, 8192, 100);
    CHECK(parse(seven, "SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n", step_bytes) == response_parser::progress::malformed);
    CHECK(!seven.put_end());
    response_parser eight(false, 8192, 100);
    CHECK(parse(eight, "HTTP/1.1 099 No Status\r\n\r\n", step_bytes) == response_parser::progress::malformed);
  }
}
