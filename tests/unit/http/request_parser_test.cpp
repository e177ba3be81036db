#include "runtime-api/http/request_parser.hpp"

#include "runtime-api/base/limits.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace kelvin;
using namespace kelvin::http;
using progress = request_parser::progress;

namespace {

struct outcome {
  progress what = progress::need_more;
  unsigned status = 0;
  std::string body;
  std::string rest;  ///< bytes left behind the message
};

/// Gives the parser what a connection would: the unconsumed bytes and `step_bytes` more each time.
outcome parse(request_parser& parser, std::string_view bytes, std::size_t step_bytes) {
  outcome result;
  std::string buffer;
  bool in_body = false;
  while (true) {
    const auto step = in_body ? parser.put_body(buffer) : parser.put_header(buffer);
    result.what = step.what;
    result.body.append(step.piece);
    buffer.erase(0, step.consumed);
    if (step.what == progress::refused) {
      result.status = parser.refusal().status;
      CHECK(!parser.refusal().reason.empty());
      return result;
    }
    if (step.what == progress::header && parser.head().chunked) {
      in_body = true;
      continue;
    }
    if (step.what == progress::header || step.what == progress::complete) {
      result.rest = buffer + std::string(bytes);
      return result;
    }
    if (step.what == progress::need_more) {
      if (bytes.empty()) {
        return result;
      }
      buffer.append(bytes.substr(0, step_bytes));
      bytes.remove_prefix(std::min(step_bytes, bytes.size()));
    }
  }
}

outcome parse(std::string_view bytes, std::size_t step_bytes = 1'000'000'000, std::size_t limit = 16 * 1024) {
  request_parser parser(limit);
  return parse(parser, bytes, step_bytes);
}

unsigned status_of(std::string_view bytes) {
  const unsigned whole = parse(bytes).status;
  for (std::size_t step_bytes = 1; step_bytes < 8; ++step_bytes) {
    CHECK(parse(bytes, step_bytes).status == whole);
  }
  return whole;
}

}  // namespace

TEST_CASE("request_parser: method, target and fields as they came") {
  request_parser parser(16 * 1024);
  const auto result = parse(parser,
                            "POST /a%20b?c=d&e HTTP/1.1\r\nHost: Example\r\nX-Empty:\r\nx-blanks: \t v w \t\r\n"
                            "Content-Length: 12\r\n\r\nrest",
                            1000);
  REQUIRE(result.what == progress::header);
  CHECK(result.rest == "rest");
  const request_head& head = parser.head();
  CHECK(head.method == method::post);
  CHECK(head.method_text == "POST");
  CHECK(head.target == "/a%20b?c=d&e");
  CHECK(head.path() == "/a%20b");
  CHECK(head.query() == "c=d&e");
  CHECK(head.content_length == 12);
  CHECK(!head.chunked);
  CHECK(head.keep_alive);
  CHECK(!head.http_1_0);
  REQUIRE(head.fields.size() == 4);
  CHECK(head.fields.at(0).name == "Host");
  CHECK(head.fields.find("hOST") == "Example");
  CHECK(head.fields.find("X-EMPTY") == "");
  CHECK(head.fields.find("x-blanks") == "v w");
  CHECK(!head.fields.find("x-blank"));
}

TEST_CASE("request_parser: every method has its name") {
  const std::vector<std::pair<std::string, method>> methods = {
      {"GET", method::get},        {"POST", method::post},       {"PUT", method::put},
      {"DELETE", method::delete_}, {"HEAD", method::head},       {"PATCH", method::patch},
      {"BREW", method::other},     {"OPTIONS", method::options}, {"CONNECT", method::other}};
  for (const auto& [text, expected] : methods) {
    request_parser parser(16 * 1024);
    REQUIRE(parse(parser, text + " / HTTP/1.1\r\n\r\n", 1000).what == progress::header);
    CHECK(parser.head().method == expected);
    CHECK(parser.head().method_text == text);
  }
}

TEST_CASE("request_parser: keep-alive follows version and Connection") {
  const auto kept = [](std::string_view bytes) {
    request_parser parser(16 * 1024);
    REQUIRE(parse(parser, bytes, 1000).what == progress::header);
    return parser.head().keep_alive;
  };
  CHECK(kept("GET / HTTP/1.1\r\n\r\n"));
  CHECK(!kept("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  CHECK(!kept("GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n"));
  CHECK(!kept("GET / HTTP/1.0\r\n\r\n"));
  CHECK(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST_CASE("request_parser: the split of the bytes makes no difference") {
  const std::string plain =
      "\r\n\r\nGET /path HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(300, 'v') + "\r\n\r\nnext";
  const std::string chunked =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
      "5;name=\"quo\\\"ted\"\r\nhello\r\n10\r\n0123456789abcdef\r\n000\r\nX-End: all\r\nx-more: 2\r\n\r\nnext";
  const std::string empty_chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nnext";
  for (std::size_t step_bytes = 1; step_bytes < 400; ++step_bytes) {
    CHECK(parse(plain, step_bytes).rest == "next");
    request_parser parser(16 * 1024);
    const auto result = parse(parser, chunked, step_bytes);
    CHECK(result.what == progress::complete);
    CHECK(result.body == "hello0123456789abcdef");
    CHECK(result.rest == "next");
    CHECK(parser.head().fields.size() == 2);
    REQUIRE(parser.trailers().size() == 2);
    CHECK(parser.trailers().find("x-end") == "all");
    CHECK(parse(empty_chunked, step_bytes).what == progress::complete);
    CHECK(parse(empty_chunked, step_bytes).rest == "next");
  }
}

TEST_CASE("request_parser: reset() begins anew") {
  request_parser parser(16 * 1024);
  CHECK(!parser.began());
  REQUIRE(parse(parser, "POST /1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n1\r\nx\r\n0\r\nT: t\r\n\r\n", 9)
              .what == progress::complete);
  CHECK(parser.began());
  parser.reset();
  CHECK(!parser.began());
  REQUIRE(parse(parser, "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n", 9).what == progress::header);
  CHECK(parser.head().target == "/2");
  CHECK(!parser.head().chunked);
  CHECK(!parser.head().content_length);
  CHECK(parser.head().fields.size() == 1);
  CHECK(parser.trailers().size() == 0);
}

TEST_CASE("request_parser: header sizes against both limits") {
  const std::string begin = "GET / HTTP/1.1\r\nX: ";
  const std::string end = "\r\n\r\n";
  const auto of_size = [&](std::size_t size) {
    return begin + std::string(size - begin.size() - end.size(), 'x') + end;
  };
  constexpr std::size_t kib = 1024;
  for (const std::size_t limit : {limits::caller_header_bytes, limits::runtime_header_bytes}) {
    for (const std::size_t size : {30 * 1ul, 8 * kib - 1, 8 * kib, 8 * kib + 1, 16 * kib - 1, 16 * kib, 16 * kib + 1,
                                   64 * kib - 1, 64 * kib, 64 * kib + 1, 2048 * kib - 1, 2048 * kib, 2048 * kib + 1}) {
      for (const std::size_t step_bytes : {size, 16 * kib, 4093ul}) {
        CAPTURE(limit);
        CAPTURE(size);
        const auto result = parse(of_size(size), step_bytes, limit);
        CHECK(result.what == (size <= limit ? progress::header : progress::refused));
        CHECK(result.status == (size <= limit ? 0 : 431));
      }
    }
  }
}

TEST_CASE("request_parser: a long request line and many fields count alike") {
  const std::string line = "GET /" + std::string(10'000, 'p') + " HTTP/1.1\r\n";
  std::string fields;
  for (int index = 0; index < 100; ++index) {
    fields += "Field-" + std::to_string(index) + ": " + std::string(50, 'v') + "\r\n";
  }
  const std::string whole = line + fields + "\r\n";
  for (const std::size_t step_bytes : {1ul, 100ul, whole.size()}) {
    CHECK(parse(whole, step_bytes, whole.size()).what == progress::header);
    CHECK(parse(whole, step_bytes, whole.size() - 1).status == 431);
  }
  CHECK(parse(std::string(20'000, 'G')).status == 431);
  std::string blank_lines;
  for (int index = 0; index < 10'000; ++index) {
    blank_lines += "\r\n";
  }
  CHECK(parse(blank_lines).status == 431);
}

TEST_CASE("request_parser: the number of fields is bounded") {
  const auto with_fields = [](std::size_t count) {
    std::string text;
    for (std::size_t index = 0; index < count; ++index) {
      text += "a: b\r\n";
    }
    return text;
  };
  CHECK(status_of("GET / HTTP/1.1\r\n" + with_fields(limits::header_fields) + "\r\n") == 0);
  CHECK(status_of("GET / HTTP/1.1\r\n" + with_fields(limits::header_fields + 1) + "\r\n") == 431);
  const std::string chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  CHECK(status_of(chunked + with_fields(limits::header_fields) + "\r\n") == 0);
  CHECK(status_of(chunked + with_fields(limits::header_fields + 1) + "\r\n") == 431);
}

TEST_CASE("request_parser: what is no request is refused with its status") {
  const auto with = [](std::string_view fields) { return "POST / HTTP/1.1\r\n" + std::string(fields) + "\r\n"; };
  SUBCASE("request line") {
    CHECK(status_of("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on, a TLS client\r\n\r\n") == 400);
    CHECK(status_of("GET /\r\n\r\n") == 400);
    CHECK(status_of("GET  / HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1 \r\n\r\n") == 400);
    CHECK(status_of("GET / FTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("G@T / HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET /a\tb HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/2.0\r\n\r\n") == 505);
    CHECK(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505);
    CHECK(status_of("GET / HTTP/0.9\r\n\r\n") == 505);
  }
  SUBCASE("line ends") {
    CHECK(status_of("GET / HTTP/1.1\nHost: a\n\n") == 400);
    CHECK(status_of("GET / HTTP/2.0\nHost: a\n\n") == 400);
    CHECK(status_of(with("A: b\nC: d\r\n")) == 400);
    CHECK(status_of(with("A: b\rC: d\r\n")) == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nA: b\r\n\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nA: b\r\n\rX") == 400);
  }
  SUBCASE("fields") {
    CHECK(status_of(with("no colon\r\n")) == 400);
    CHECK(status_of(with("A : b\r\n")) == 400);
    CHECK(status_of(with(": b\r\n")) == 400);
    CHECK(status_of(with(" A: b\r\n")) == 400);
    CHECK(status_of(with("A: b\1c\r\n")) == 400);
    CHECK(status_of(with(std::string_view("A: b\0c\r\n", 8))) == 400);
    CHECK(status_of(with("A: b\r\n folded\r\n")) == 400);
    CHECK(status_of(with("A: b\r\n\tfolded\r\n")) == 400);
    CHECK(status_of(with("A:\r\n folded\r\n")) == 400);
    CHECK(status_of(with("A: b\r\n \r\n")) == 400);
    CHECK(status_of(with("A: b\r\n " + std::string(5000, 'x') + "\r\n")) == 400);
    CHECK(status_of(with("Host: a\r\nHost: a\r\n")) == 400);
    CHECK(status_of(with("A: \xc3\xa9\r\n")) == 0);
  }
  SUBCASE("framing") {
    CHECK(status_of(with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")) == 400);
    CHECK(status_of(with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 5\r\nContent-Length: 5\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 5\r\nContent-Length: 6\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 5, 5\r\n")) == 400);
    CHECK(status_of(with("Content-Length: +5\r\n")) == 400);
    CHECK(status_of(with("Content-Length: -5\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 0x5\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 5 5\r\n")) == 400);
    CHECK(status_of(with("Content-Length:\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 18446744073709551616\r\n")) == 400);
    CHECK(status_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) == 400);
    CHECK(status_of(with("Transfer-Encoding: gzip\r\n")) == 501);
    CHECK(status_of(with("Transfer-Encoding: gzip, chunked\r\n")) == 501);
    CHECK(status_of(with("Transfer-Encoding: identity\r\n")) == 501);
    CHECK(status_of(with("Transfer-Encoding: xchunked\r\n")) == 501);
    CHECK(status_of(with("Transfer-Encoding: \x0b"
                         "chunked\r\n")) == 400);
    CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
    CHECK(status_of(with("Transfer-Encoding: Chunked\r\n") + "0\r\n\r\n") == 0);
  }
}

TEST_CASE("request_parser: what is no chunked body is refused") {
  const auto chunked = [](std::string_view body) {
    return status_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body));
  };
  CHECK(chunked("1\r\na\r\n0\r\n\r\n") == 0);
  CHECK(chunked("hello\r\n\r\n") == 400);
  // Known to be none before there is as much as the shortest whole body.
  CHECK(chunked("z") == 400);
  CHECK(chunked("zz\r\n") == 400);
  CHECK(chunked("-1\r\n") == 400);
  CHECK(chunked("1\r\na\r\nz") == 400);
  CHECK(chunked("-1\r\na\r\n0\r\n\r\n") == 400);
  CHECK(chunked("0x1\r\na\r\n0\r\n\r\n") == 400);
  CHECK(chunked("1\na\n0\n\n\r\n\r\n") == 400);
  CHECK(chunked("1\r\nab\r\n0\r\n\r\n") == 400);
  CHECK(chunked("1 \r\na\r\n0\r\n\r\n") == 400);
  CHECK(chunked("1;a=\"\n\"\r\na\r\n0\r\n\r\n") == 400);
  CHECK(chunked("10000000000000000\r\na\r\n0\r\n\r\n") == 400);
  CHECK(chunked("0\r\nContent-Length: 3\r\n\r\n") == 400);
  CHECK(chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(chunked("0\r\nA: b\r\n c\r\n\r\n") == 400);
  CHECK(chunked("0\r\nA: b\nc: d\r\n\r\n") == 400);
}
