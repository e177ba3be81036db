#include "tests/support/http_transcript.hpp"

#include <stdexcept>
#include <string>

using namespace kelvin;
using namespace kelvin::http;
using kelvin::test::http_server;
using kelvin::test::raw_client;
using kelvin::test::without_dates;

namespace {

/// Answers with what was asked: `METHOD target|body`, or the failure's message.
awaitable<void> echo(exchange& asked) {
  auto body = co_await asked.read_body(1024);
  std::string text = asked.head().method_text + " " + asked.head().target + "|";
  text.append(body ? std::string(body->view()) : make_error_code(body.error().code).message());
  response answer;
  answer.status = body ? 200 : 400;
  answer.body = text;
  co_await asked.respond(answer);
}

/// Answers without a look at the body.
awaitable<void> ignore_body(exchange& asked) {
  response answer;
  answer.body = "ignored";
  co_await asked.respond(answer);
}

std::string answer(std::string_view status, std::string_view body, std::string_view connection = "keep-alive",
                   std::string_view fields = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\nDate: *\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: " + std::string(connection) + "\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

std::string ok(std::string_view body, std::string_view connection = "keep-alive") {
  return answer("200 OK", body, connection);
}

std::string refused(std::string_view status, std::string_view reason) {
  return answer(status, std::string(reason) + "\n", "close", "Content-Type: text/plain; charset=utf-8\r\n");
}

}  // namespace

TEST_CASE("a request is answered and the connection kept") {
  http_server server(echo);
  CHECK(server.talk("GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n") == ok("GET /a?b=c|"));
}

TEST_CASE("pipelined requests are answered in order") {
  http_server server(echo);
  CHECK(server.talk(
            "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
            "POST /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\nGET /4 HTTP/1.1\r\n\r\n") ==
        ok("GET /1|") + ok("POST /2|abc") + ok("POST /3|xyz") + ok("GET /4|"));
}

TEST_CASE("the split of the bytes makes no difference") {
  http_server server(echo);
  const std::string bytes =
      "POST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nxyz\r\n0\r\nX-T: v\r\n\r\nGET /4 HTTP/1.1\r\n\r\n";
  const std::string expected = ok("POST /2|abc") + ok("POST /3|xyz") + ok("GET /4|");
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    CAPTURE(split);
    raw_client client = server.connect();
    client.send(server.context, std::string_view(bytes).substr(0, split));
    test::run_ready(server.context);
    client.send(server.context, std::string_view(bytes).substr(split));
    client.end_sending();
    CHECK(client.expect_end(server.context));
    CHECK(without_dates(client.received) == expected);
  }
  raw_client client = server.connect();
  for (const char each : bytes) {
    client.send(server.context, {&each, 1});
    test::run_ready(server.context);
  }
  client.end_sending();
  CHECK(client.expect_end(server.context));
  CHECK(without_dates(client.received) == expected);
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection behind the answer") {
  http_server server(echo);
  raw_client client = server.connect();
  SUBCASE("HTTP/1.1 close") {
    client.send(server.context, "GET / HTTP/1.1\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    CHECK(client.expect_end(server.context));
    CHECK(without_dates(client.received) == ok("GET /|", "close"));
    CHECK(!client.reset);
  }
  SUBCASE("HTTP/1.0") {
    client.send(server.context, "GET / HTTP/1.0\r\n\r\n");
    CHECK(client.expect_end(server.context));
    CHECK(without_dates(client.received) == ok("GET /|", "close"));
  }
  SUBCASE("HTTP/1.0 keep-alive") {
    client.send(server.context, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(client.expect(server.context, "GET /|"));
    client.send(server.context, "GET /2 HTTP/1.0\r\n\r\n");
    CHECK(client.expect_end(server.context));
    CHECK(without_dates(client.received) == ok("GET /|") + ok("GET /2|", "close"));
  }
}

TEST_CASE("malformed requests are refused and the connection closed") {
  http_server server(echo);
  CHECK(server.talk("nonsense\r\n\r\nGET / HTTP/1.1\r\n\r\n") ==
        refused("400 Bad Request", "The bytes are not a valid HTTP request."));
  CHECK(server.talk("GET /1 HTTP/1.1\r\n\r\nGET / HTTP/3.0\r\n\r\n") ==
        ok("GET /1|") + refused("505 HTTP Version Not Supported", "This server speaks HTTP/1.1 and HTTP/1.0."));
  CHECK(server.talk("POST / HTTP/1.1\r\nTransfer-Encoding: br\r\n\r\n") ==
        refused("501 Not Implemented", "The only Transfer-Encoding this server knows is chunked."));
  CHECK(server.talk("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n") ==
        refused("400 Bad Request", "Content-Length or Transfer-Encoding is malformed, or contradicts the other."));
  CHECK(server.talk("GET / HTTP/1.1\r\nExpect: the-unexpected\r\n\r\n") ==
        answer("417 Expectation Failed", "The only expectation this server knows is 100-continue.\n", "close",
               "Content-Type: text/plain; charset=utf-8\r\n"));
  CHECK(server.talk("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n") ==
        answer("400 Bad Request", "POST /|message truncated", "close"));
  CHECK(server.talk("GET / HT") == "");
}

TEST_CASE("a header of any size up to the limit is taken, a larger one refused") {
  for (const std::size_t limit : {limits::caller_header_bytes, limits::runtime_header_bytes}) {
    listener_options options;
    options.header_limit_bytes = limit;
    http_server server(
        [](exchange& asked) -> awaitable<void> {
          const std::string length = std::to_string(asked.head().fields.find("X")->size());
          response sent;
          sent.body = length;
          co_await asked.respond(sent);
        },
        options);
    const std::size_t frame = std::string_view("GET / HTTP/1.1\r\nX: \r\n\r\n").size();
    for (const std::size_t size : {8ul * 1024, 16ul * 1024 - 1, 16ul * 1024, 16ul * 1024 + 1, 64ul * 1024 + 1,
                                   2048ul * 1024, 2048ul * 1024 + 1}) {
      CAPTURE(size);
      const std::string value(size - frame, 'x');
      const std::string request = "GET / HTTP/1.1\r\nX: " + value + "\r\n\r\n";
      // Twice, so that the second finds the connection as the first left it.
      CHECK(server.talk(request + request) ==
            (size <= limit ? ok(std::to_string(value.size())) + ok(std::to_string(value.size()))
                           : refused("431 Request Header Fields Too Large", "The request's header is too large.")));
    }
  }
}

TEST_CASE("HEAD is answered without a body, 204 and 304 without a length") {
  http_server server([](exchange& asked) -> awaitable<void> {
    response sent;
    sent.status = asked.head().target == "/204" ? 204 : asked.head().target == "/304" ? 304 : 200;
    sent.body = "body";
    co_await asked.respond(sent);
  });
  CHECK(
      server.talk("HEAD / HTTP/1.1\r\n\r\nGET /204 HTTP/1.1\r\n\r\nGET /304 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n") ==
      "HTTP/1.1 200 OK\r\nDate: *\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\n"
      "HTTP/1.1 204 No Content\r\nDate: *\r\nConnection: keep-alive\r\n\r\n"
      "HTTP/1.1 304 Not Modified\r\nDate: *\r\nConnection: keep-alive\r\n\r\n" +
          ok("body"));
}

TEST_CASE("a status without a known reason and fields of the handler's own") {
  http_server server([](exchange& asked) -> awaitable<void> {
    response sent;
    sent.status = 299;
    append_field(sent.fields, "X-One", "1\r\nX-Two: 2");
    append_field(sent.fields, "bad name:", "v");
    co_await asked.respond(sent);
  });
  CHECK(server.talk("GET / HTTP/1.1\r\n\r\n") ==
        answer("299 ", "", "keep-alive", "X-One: 1  X-Two: 2\r\nbad-name-: v\r\n"));
}

TEST_CASE("an unread body is skipped if it is small, else the connection is closed behind the answer") {
  http_server server(ignore_body);
  SUBCASE("small") {
    CHECK(server.talk("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n\r\n") ==
          ok("ignored") + ok("ignored"));
    CHECK(server.talk(
              "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n") ==
          ok("ignored") + ok("ignored"));
  }
  SUBCASE("large: a client that writes all before it reads still gets its answer") {
    raw_client client = server.connect();
    client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 6000000\r\n\r\n");
    CHECK(client.send(server.context, std::string(6'000'000, 'x')));
    client.end_sending();
    CHECK(client.expect_end(server.context));
    CHECK(!client.reset);
    CHECK(without_dates(client.received) == ok("ignored", "close"));
  }
  SUBCASE("large and chunked") {
    raw_client client = server.connect();
    client.send(server.context, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n");
    CHECK(client.send(server.context, std::string(0x100000, 'x')));
    client.end_sending();
    CHECK(client.expect_end(server.context));
    CHECK(without_dates(client.received) == ok("ignored"));
  }
}

TEST_CASE("Expect: 100-continue is answered when the body is first read") {
  http_server server(echo);
  raw_client client = server.connect();
  client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
  CHECK(client.expect(server.context, "\r\n\r\n"));
  CHECK(client.received == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(server.context, "abc");
  CHECK(client.expect(server.context, "abc"));
  CHECK(without_dates(client.received) == "HTTP/1.1 100 Continue\r\n\r\n" + ok("POST /|abc"));
}

TEST_CASE("Expect: 100-continue is not answered where no body is wanted or none is awaited") {
  http_server server(ignore_body);
  SUBCASE("the handler does not read: the client may never send it, so the connection ends") {
    raw_client client = server.connect();
    client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.expect(server.context, "ignored"));
    client.close();
    CHECK(without_dates(client.received) == ok("ignored", "close"));
  }
  SUBCASE("over the limit: 400 of the handler at once, not one byte of the body") {
    http_server reading(echo);
    raw_client client = reading.connect();
    client.send(reading.context, "POST / HTTP/1.1\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.expect(reading.context, "too large"));
    CHECK(without_dates(client.received) == answer("400 Bad Request", "POST /|body too large", "close"));
  }
  SUBCASE("the body came along, or there is none") {
    http_server reading(echo);
    CHECK(reading.talk("POST / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx"
                       "POST / HTTP/1.1\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n") ==
          ok("POST /|x") + ok("POST /|"));
  }
}

TEST_CASE("an exception of a handler becomes 500, is reported and ends the connection") {
  std::string reported;
  listener_options options;
  options.on_exception = [&](std::exception_ptr escaped) {
    try {
      std::rethrow_exception(escaped);
    } catch (const std::exception& caught) {
      reported = caught.what();
    }
  };
  const std::string expected = answer("500 Internal Server Error",
                                      R"({"errorMessage":"Internal Server Error","errorType":"InternalServerError"})",
                                      "close", "Content-Type: application/json\r\n");
  const std::string requests = "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n";
  SUBCASE("before the answer") {
    http_server server(
        [](exchange&) -> awaitable<void> {
          throw std::runtime_error("broken handler");
          co_return;
        },
        options);
    CHECK(server.talk(requests) == expected);
    CHECK(reported == "broken handler");
  }
  SUBCASE("not even a coroutine") {
    http_server server([](exchange&) -> awaitable<void> { throw std::logic_error("broken function"); }, options);
    CHECK(server.talk(requests) == expected);
    CHECK(reported == "broken function");
  }
  SUBCASE("no answer at all") {
    http_server server([](exchange&) -> awaitable<void> { co_return; }, options);
    CHECK(server.talk(requests) == expected);
    CHECK(reported.empty());
  }
  SUBCASE("behind the answer") {
    http_server server(
        [](exchange& asked) -> awaitable<void> {
          co_await ignore_body(asked);
          throw std::runtime_error("late");
        },
        options);
    CHECK(server.talk(requests) == ok("ignored"));
    CHECK(reported == "late");
  }
}

TEST_CASE("peer_address and peer_closed") {
  bool closed_before = true;
  bool closed_after = false;
  std::string address;
  raw_client* peer = nullptr;
  http_server server([&](exchange& asked) -> awaitable<void> {
    address = asked.peer_address();
    closed_before = asked.peer_closed();
    peer->end_sending();
    closed_after = asked.peer_closed();
    co_await ignore_body(asked);
  });
  raw_client client = server.connect();
  peer = &client;
  client.send(server.context, "GET / HTTP/1.1\r\n\r\n");
  CHECK(client.expect(server.context, "ignored"));
  CHECK(address == "127.0.0.1");
  CHECK(!closed_before);
  CHECK(closed_after);
}
