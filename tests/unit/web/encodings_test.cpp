#include "emulator/web/event_headers.hpp"
#include "emulator/web/event_time.hpp"
#include "emulator/web/event_writer.hpp"
#include "emulator/web/ids.hpp"
#include "emulator/web/media_type.hpp"
#include "emulator/web/multi_value_map.hpp"
#include "emulator/web/percent_encoding.hpp"
#include "emulator/web/query.hpp"
#include "tests/support/web_exchange.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <regex>
#include <string>

using namespace kelvin;
using namespace kelvin::web;

namespace {

/// `name=value,value;…`
std::string printed(const multi_value_map& map) {
  std::string text;
  for (const auto& entry : map.entries()) {
    text += entry.name + "=" + joined(entry, ",") + ";";
  }
  return text;
}

std::string headers_of(const test::web_exchange& exchange, header_rules rules) {
  return printed(event_headers(exchange.request, rules));
}

}  // namespace

TEST_CASE("percent-encoding is undone where it is one") {
  CHECK(percent_decoded("A%20B+C", plus_sign::kept) == "A B+C");
  CHECK(percent_decoded("A%20B+C%2B", plus_sign::space) == "A B C+");
  CHECK(percent_decoded("%E2%98%95%e2%98%95", plus_sign::kept) == "\xE2\x98\x95\xE2\x98\x95");
  CHECK(percent_decoded("/pa2%Fth/%/%2", plus_sign::kept) == "/pa2%Fth/%/%2");
  CHECK(percent_decoded("%00%ff", plus_sign::kept) == std::string("\0\xff", 2));
  CHECK(percent_decoded("", plus_sign::kept).empty());
}

TEST_CASE("query parameters keep the order in which their names were first seen") {
  CHECK(printed(parse_query("b=1&a=2&b=3", query_text::decoded)) == "b=1,3;a=2;");
  CHECK(printed(parse_query("q=A%20B&t=C%23&t=D+E", query_text::decoded)) == "q=A B;t=C#,D E;");
  CHECK(printed(parse_query("q=A%20B&t=C%23&t=D+E", query_text::as_sent)) == "q=A%20B;t=C%23,D+E;");
  CHECK(printed(parse_query("&&a&=x&b=c=d&", query_text::decoded)) == "a=;=x;b=c=d;");
  CHECK(printed(parse_query("a=1&A=2", query_text::decoded)) == "a=1;A=2;");
  CHECK(parse_query("", query_text::decoded).empty());
}

TEST_CASE("many names are found as few are") {
  multi_value_map exact(multi_value_map::names::exact);
  multi_value_map folded(multi_value_map::names::ignoring_case);
  for (int round = 0; round < 2; ++round) {
    for (int index = 0; index < 5000; ++index) {
      exact.add("n" + std::to_string(index), "v");
      folded.add((round == 0 ? "n" : "N") + std::to_string(index), "v");
    }
  }
  CHECK(exact.entries().size() == 5000);
  CHECK(folded.entries().size() == 5000);
  REQUIRE(folded.find("N4999") != nullptr);
  CHECK(folded.find("N4999")->name == "n4999");
  CHECK(folded.find("N4999")->values.size() == 2);
  CHECK(exact.find("N4999") == nullptr);
  CHECK(exact.find("n0")->values.size() == 2);
  folded.set("N1", "alone");
  CHECK(joined(*folded.find("n1"), ",") == "alone");
}

TEST_CASE("the case of header names") {
  CHECK(lower_case("X-Amzn-Trace-Id") == "x-amzn-trace-id");
  CHECK(title_case("x-amzn-TRACE-id") == "X-Amzn-Trace-Id");
  CHECK(title_case("myheader") == "Myheader");
  CHECK(title_case("-a--b") == "-A--B");
  CHECK(title_case("") == "");
}

TEST_CASE("a function sees the request's fields, and the door's own") {
  test::web_exchange exchange;
  exchange.fields.add("tEsT-HEADeR", "aValUE");
  exchange.fields.add("X-Twice", "1");
  exchange.fields.add("x-twice", "2");
  exchange.fields.add("X-Forwarded-For", "198.51.100.1");
  exchange.fields.add("X-Forwarded-Proto", "gopher");
  exchange.fields.add("x-amzn-trace-id", "Root=theirs");
  exchange.fields.add("Cookie", "a=1; b=2");
  for (const char* gone :
       {"Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Proxy-Connection"}) {
    exchange.fields.add(gone, "x");
  }
  const std::string host = "abc123.execute-api.us-east-1.amazonaws.com";
  const std::string root = "Root=1-69b30e3e-0123456789abcdef01234567";
  CHECK(headers_of(exchange, {header_case::lower, content_length_rule::always, false}) ==
        "host=" + host + ";test-header=aValUE;x-twice=1,2;content-length=0;x-amzn-trace-id=" + root +
            ";x-forwarded-for=198.51.100.1, 203.0.113.9;x-forwarded-port=9000;x-forwarded-proto=http;");
  CHECK(headers_of(exchange, {header_case::title, content_length_rule::with_a_body, true}) ==
        "Host=" + host + ";Test-Header=aValUE;X-Twice=1,2;Cookie=a=1; b=2;X-Amzn-Trace-Id=" + root +
            ";X-Forwarded-For=198.51.100.1, 203.0.113.9;X-Forwarded-Port=9000;X-Forwarded-Proto=http;");
  CHECK(headers_of(exchange, {header_case::as_sent, content_length_rule::left_out, true})
            .starts_with("Host=" + host + ";tEsT-HEADeR=aValUE;X-Twice=1,2;"));
}

TEST_CASE("the length of a body as a function sees it") {
  test::web_exchange exchange;
  exchange.request.body = "12345";
  const auto length = [&](content_length_rule rule) {
    const auto headers = event_headers(exchange.request, {header_case::lower, rule, true});
    const auto* found = headers.find("content-length");
    return found == nullptr ? std::string("none") : found->values.front();
  };
  CHECK(length(content_length_rule::left_out) == "none");
  CHECK(length(content_length_rule::with_a_body) == "5");
  CHECK(length(content_length_rule::always) == "5");
  exchange.request.body = {};
  CHECK(length(content_length_rule::with_a_body) == "none");
  CHECK(length(content_length_rule::always) == "0");
  exchange.fields.add("content-length", "7");
  CHECK(length(content_length_rule::left_out) == "none");
  CHECK(length(content_length_rule::with_a_body) == "7");
  CHECK(length(content_length_rule::always) == "7");
}

TEST_CASE("cookies are split at semicolon and blank") {
  test::web_exchange exchange;
  CHECK(cookies_of(exchange.request).empty());
  exchange.fields.add("Cookie", "a=1; b=2;c=3; ");
  exchange.fields.add("cookie", "d=4");
  CHECK(cookies_of(exchange.request) == std::vector<std::string_view>{"a=1", "b=2;c=3", "d=4"});
}

TEST_CASE("media types are told without their parameters, in any case") {
  CHECK(media_type_of("Text/HTML; charset=utf-8") == "text/html");
  CHECK(media_type_of(" image/png , */*;q=0.8") == "image/png");
  CHECK(media_type_of("").empty());
  CHECK(media_type_of(" ;").empty());
  for (const char* text : {"text/plain", "text/x", "application/json", "application/xml", "application/javascript"}) {
    CHECK(is_plain_text(text));
    CHECK(is_text_like(text));
  }
  for (const char* binary : {"", "application/x-www-form-urlencoded", "application/octet-stream", "multipart/form-data",
                             "image/png", "application/jsonp", "texts/plain"}) {
    CHECK_FALSE(is_plain_text(binary));
    CHECK_FALSE(is_text_like(binary));
  }
  for (const char* suffixed : {"application/problem+json", "image/svg+xml"}) {
    CHECK_FALSE(is_plain_text(suffixed));
    CHECK(is_text_like(suffixed));
  }
}

TEST_CASE("binary media types are exact, of a type, or all") {
  CHECK(matches_any({"image/png"}, "image/png"));
  CHECK(matches_any({"Image/PNG"}, "image/png"));
  CHECK_FALSE(matches_any({"image/png"}, "image/jpeg"));
  CHECK(matches_any({"image/*"}, "image/jpeg"));
  CHECK_FALSE(matches_any({"image/*"}, "images/jpeg"));
  CHECK_FALSE(matches_any({"image/*"}, "image/"));
  CHECK(matches_any({"a/b", "*/*"}, "c/d"));
  CHECK(matches_any({"*/*"}, ""));
  CHECK(matches_any({"*/*"}, "*/*"));
  CHECK_FALSE(matches_any({"image/png"}, "*/*"));
  CHECK_FALSE(matches_any({}, "image/png"));
}

TEST_CASE("times as API Gateway writes them") {
  const wall_time when{std::chrono::milliseconds(1773342238390)};
  CHECK(event_time(when) == "12/Mar/2026:19:03:58 +0000");
  CHECK(epoch_ms(when) == 1773342238390);
  CHECK(event_time(wall_time{}) == "01/Jan/1970:00:00:00 +0000");
}

TEST_CASE("ids have AWS's form") {
  const std::regex form("[A-Za-z0-9_-]{15}=");
  std::string last;
  for (int count = 0; count < 100; ++count) {
    const std::string id = make_gateway_id();
    CHECK(std::regex_match(id, form));
    CHECK(id != last);
    last = id;
  }
  CHECK(std::regex_match(stable_id("/pets/{id}", 6), std::regex("[a-z0-9]{6}")));
  CHECK(stable_id("/pets/{id}", 6) == stable_id("/pets/{id}", 6));
  CHECK(stable_id("/pets/{id}", 6) != stable_id("/pets", 6));
}

TEST_CASE("the prefix of a domain is AWS's, or the API's id") {
  test::web_exchange exchange;
  CHECK(domain_prefix(exchange.request, exchange.context) == "abc123");
  exchange.context.api_id = "pets";
  for (const char* domain : {"127.0.0.1", "localhost", "example.com", "", ".execute-api.localhost", "::1"}) {
    exchange.request.domain_name = domain;
    CHECK(domain_prefix(exchange.request, exchange.context) == "pets");
  }
  exchange.request.domain_name = "f1.lambda-url.localhost";
  CHECK(domain_prefix(exchange.request, exchange.context) == "f1");
}

TEST_CASE("the writer sets commas and escapes where JSON has them") {
  multi_value_map values(multi_value_map::names::exact);
  values.add("a\"", "1");
  values.add("a\"", "2");
  values.add("b", "\n");
  event_writer event(16);
  event.begin_object();
  event.string("s", "{");
  event.number("n", -5);
  event.boolean("t", true);
  event.null("z");
  event.json("j", "[1]");
  event.begin_array("e");
  event.element("x");
  event.element(":");
  event.element("y");
  event.end_array();
  event.begin_object("o");
  event.end_object();
  event.joined_values("joined", values);
  event.last_values("last", values);
  event.all_values("all", values);
  event.body("text", "\xff", false);
  event.body("bytes", "\xff", true);
  event.end_object();
  CHECK(event.take().view() ==
        R"({"s":"{","n":-5,"t":true,"z":null,"j":[1],"e":["x",":","y"],"o":{},)"
        R"("joined":{"a\"":"1,2","b":"\n"},"last":{"a\"":"2","b":"\n"},"all":{"a\"":["1","2"],"b":["\n"]},)"
        "\"text\":\"\xEF\xBF\xBD\",\"bytes\":\"/w==\"}");
}
