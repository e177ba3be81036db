#include "tests/support/http_transcript.hpp"

#include "runtime-api/base/one_shot.hpp"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

using namespace kelvin;
using namespace kelvin::http;
using kelvin::test::http_server;
using kelvin::test::raw_client;
using kelvin::test::without_dates;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

std::string patterned(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t index = 0; index < size; ++index) {
    text[index] = static_cast<char>(index * 31 + index / 251);
  }
  return text;
}

std::string chunked(std::string_view body, std::size_t chunk_bytes) {
  std::string text;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, chunk_bytes);
    char size_line[32];
    std::snprintf(size_line, sizeof size_line, "%zx\r\n", chunk.size());
    text.append(size_line).append(chunk).append("\r\n");
    body.remove_prefix(chunk.size());
  }
  return text + "0\r\nX-Trailer: seen\r\n\r\n";
}

/// What the handler saw of one request.
struct seen {
  std::string body;
  std::optional<errc> failed;
  std::string trailer;
};

/// Reads whole bodies, of at most `limit_bytes`, and answers 200, or 413 to what is too large.
request_handler collector(std::vector<seen>& into, std::size_t limit_bytes) {
  return [&into, limit_bytes](exchange& asked) -> awaitable<void> {
    auto body = co_await asked.read_body(limit_bytes);
    seen noted;
    response sent;
    if (body) {
      noted.body = body->view();
    } else {
      noted.failed = body.error().code;
      CHECK(!body.error().detail.empty());
      sent.status = noted.failed == errc::body_too_large ? 413 : 400;
    }
    noted.trailer = asked.trailers().find("X-Trailer").value_or("");
    into.push_back(std::move(noted));
    co_await asked.respond(sent);
  };
}

std::string status_line(const raw_client& client) {
  return client.received.substr(0, client.received.find("\r\n"));
}

}  // namespace

TEST_CASE("bodies of every size arrive as they were sent") {
  std::vector<seen> noted;
  http_server server(collector(noted, limits::event_bytes));
  raw_client client = server.connect();
  std::size_t answered = 0;
  const auto arrives = [&](const std::string& request, const std::string& body, std::string_view trailer) {
    CHECK(client.send(server.context, request));
    ++answered;
    CHECK(server.run_until([&] { return noted.size() == answered; }));
    CHECK(!noted.back().failed);
    CHECK((noted.back().body == body));
    CHECK(noted.back().trailer == trailer);
  };
  for (const std::size_t size :
       {0ul, 1ul, 8192ul, 16384ul - 1, 16384ul, 16384ul + 1, 65536ul, 65537ul, 300'000ul, 6 * mebibyte}) {
    CAPTURE(size);
    const std::string body = patterned(size);
    arrives("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body, body, "");
    for (const std::size_t chunk_bytes : {16384ul + 7, 100'000ul, 6 * mebibyte}) {
      arrives("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body, chunk_bytes), body, "seen");
    }
  }
  const std::string body = patterned(20'000);
  arrives("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body, 1), body, "seen");
}

TEST_CASE("read_some hands out a body piece by piece, as it comes") {
  std::string together;
  int pieces = 0;
  http_server server([&](exchange& asked) -> awaitable<void> {
    while (true) {
      const auto piece = co_await asked.read_some();
      if (!piece || piece->empty()) {
        break;
      }
      together.append(*piece);
      ++pieces;
    }
    const auto behind_the_end = co_await asked.read_some();
    CHECK(behind_the_end->empty());
    response sent;
    sent.body = "done";
    co_await asked.respond(sent);
  });
  raw_client client = server.connect();
  SUBCASE("Content-Length") {
    client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc");
    CHECK(server.run_until([&] { return together == "abc"; }));
    client.send(server.context, "def");
  }
  SUBCASE("chunked") {
    client.send(server.context, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    CHECK(server.run_until([&] { return together == "abc"; }));
    client.send(server.context, "3\r\ndef\r\n0\r\n\r\n");
  }
  CHECK(client.expect(server.context, "done"));
  CHECK(together == "abcdef");
  CHECK(pieces == 2);
}

TEST_CASE("a body over the limit is read to its end and can still be answered") {
  std::vector<seen> noted;
  http_server server(collector(noted, 1000));
  SUBCASE("the connection lives on") {
    for (const bool in_chunks : {false, true}) {
      const std::string body(5'000'000, 'x');
      const std::string large = in_chunks
                                    ? "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body, 70'000)
                                    : "POST / HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n" + body;
      raw_client client = server.connect();
      CHECK(client.send(server.context, large + "GET / HTTP/1.1\r\n\r\n"));
      CHECK(client.expect(server.context, "200 OK"));
      CHECK(status_line(client) == "HTTP/1.1 413 Payload Too Large");
      REQUIRE(noted.size() >= 2);
      CHECK(noted[noted.size() - 2].failed == errc::body_too_large);
    }
  }
  SUBCASE("exactly the limit, and one more") {
    const std::string limit(1000, 'x');
    CHECK(server
              .talk("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + limit +
                    "POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + limit +
                    "x"
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" +
                    chunked(limit, 7) + "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" +
                    chunked(limit + "x", 7))
              .size() > 0);
    REQUIRE(noted.size() == 4);
    CHECK(noted[0].body == limit);
    CHECK(noted[1].failed == errc::body_too_large);
    CHECK(noted[2].body == limit);
    CHECK(noted[3].failed == errc::body_too_large);
  }
  SUBCASE("the client gives up in the middle") {
    raw_client client = server.connect();
    client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 5000000\r\n\r\nxyz");
    client.end_sending();
    CHECK(client.expect_end(server.context));
    CHECK(status_line(client) == "HTTP/1.1 413 Payload Too Large");
  }
}

TEST_CASE("a truncated body is told as such, and the answer still reaches a peer that only ended its side") {
  std::vector<seen> noted;
  http_server server(collector(noted, 1000));
  for (const std::string_view request :
       {"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Tra",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"}) {
    CAPTURE(request);
    noted.clear();
    const std::string answered = server.talk(request);
    CHECK(answered.starts_with("HTTP/1.1 400 Bad Request"));
    CHECK(answered.find("Connection: close") != std::string::npos);
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].failed == errc::message_truncated);
  }
  SUBCASE("a reset") {
    noted.clear();
    raw_client client = server.connect();
    client.send(server.context, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
    test::run_ready(server.context);
    client.break_off();
    CHECK(server.run_until([&] { return noted.size() == 1; }));
    CHECK(noted[0].failed == errc::message_truncated);
    CHECK(server.run_until([&] { return server.listening->session_count() == 0; }));
  }
}

TEST_CASE("chunk headers and trailers without an end are bounded") {
  std::vector<seen> noted;
  http_server server(collector(noted, 1000));
  for (const std::string begin : {"1;", "0\r\nX: "}) {
    raw_client client = server.connect();
    client.send(server.context,
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + begin + std::string(100'000, 'x'));
    CHECK(client.expect(server.context, "HTTP/1.1 400"));
  }
  REQUIRE(noted.size() == 2);
  CHECK(noted[0].failed == errc::message_truncated);
  CHECK(noted[1].failed == errc::message_truncated);
}

TEST_CASE("a body that failed once fails in the same way again") {
  std::vector<errc> codes;
  http_server server([&](exchange& asked) -> awaitable<void> {
    for (int round = 0; round < 2; ++round) {
      const auto body = co_await asked.read_body(10);
      codes.push_back(body.error().code);
      const auto piece = co_await asked.read_some();
      codes.push_back(piece.error().code);
    }
    response sent;
    co_await asked.respond(std::move(sent));
  });
  server.talk("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
  CHECK(codes == std::vector<errc>(4, errc::message_truncated));
}
