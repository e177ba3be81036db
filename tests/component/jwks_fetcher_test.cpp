#include "emulator/app/jwks_fetcher.hpp"

#include "runtime-api/base/limits.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/http_transcript.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kelvin;
using kelvin::test::failure_text;

namespace {

awaitable<void> serve_keys(http::exchange& asked) {
  http::response sent;
  const bool found = asked.head().target == "/keys?a=b";
  sent.status = found ? 200 : 302;
  sent.body = found ? R"({"keys":[]})" : "elsewhere";
  co_await asked.respond(std::move(sent));
}

struct jwks_fetcher_fixture {
  result<std::string> fetch(const std::string& url) { return test::run_coroutine(server.context, fetcher.fetch(url)); }
  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(server.listening->port()) + target;
  }

  test::http_server server{serve_keys};
  system_clock time{server.context};
  std::vector<command_specification> ran;
  result<command_output> outcome = command_output{{}, "the document", ""};
  jwks_fetcher fetcher{server.context, time,
                       [this](command_specification command) -> awaitable<result<command_output>> {
                         ran.push_back(std::move(command));
                         co_return outcome;
                       }};
};

}  // namespace

TEST_CASE("jwks fetcher: http and an address need no help") {
  jwks_fetcher_fixture here;
  const auto text = here.fetch(here.url("/keys?a=b"));
  REQUIRE(test::succeeds(text));
  CHECK(*text == R"({"keys":[]})");
  const std::string problem = failure_text(here.fetch(here.url("/other")), errc::malformed_message);
  CHECK(test::contains(problem, here.url("/other")));
  CHECK(test::contains(problem, "302"));
  here.server.listening.reset();
  failure_text(here.fetch("http://127.0.0.1:1/keys"), errc::connection_closed);
  CHECK(here.ran.empty());
}

TEST_CASE("jwks fetcher: what kelvin's own client can be asked for") {
  const auto plain = plain_request("http://localhost/a/b?c#d");
  REQUIRE(plain.has_value());
  CHECK(plain->host == "localhost");
  CHECK(plain->port == 80);
  CHECK(plain->target == "/a/b?c");
  CHECK(plain->deadline == limits::key_set_fetch);
  CHECK(plain->body_limit_bytes == limits::key_set_bytes);
  CHECK(plain_request("http://[::1]:8080")->host == "[::1]");
  CHECK(plain_request("http://[::1]:8080")->port == 8080);
  CHECK(plain_request("http://[::1]:8080")->target == "/");
  CHECK(plain_request("http://127.0.0.1?x=y")->target == "/?x=y");
  CHECK(plain_request("http://[::1]/")->port == 80);
  for (const char* url :
       {"", "https://localhost/", "http://issuer.example/", "http://localhost:0/", "http://localhost:65536/",
        "http://localhost:x/", "http://localhost:/", "http://user@localhost/", "ftp://127.0.0.1/"}) {
    CAPTURE(url);
    CHECK_FALSE(plain_request(url).has_value());
  }
}

TEST_CASE("jwks fetcher: https is curl's, without a shell or the user's settings") {
  jwks_fetcher_fixture here;
  const std::string url = "https://issuer.example/keys?$(touch x)";
  const auto text = here.fetch(url);
  REQUIRE(test::succeeds(text));
  CHECK(*text == "the document");
  REQUIRE(here.ran.size() == 1);
  CHECK(here.ran[0].command == "curl");
  const auto& arguments = here.ran[0].arguments;
  CHECK(arguments.front() == "-q");
  CHECK(arguments.back() == url);
  CHECK(arguments[arguments.size() - 2] == "--url");
  const auto limit = std::find(arguments.begin(), arguments.end(), "--max-time");
  REQUIRE(limit != arguments.end());
  CHECK(std::stod(*(limit + 1)) == doctest::Approx(1.5));
  CHECK(std::find(arguments.begin(), arguments.end(), "--location") == arguments.end());
}

TEST_CASE("jwks fetcher: failures say where and what to do") {
  jwks_fetcher_fixture here;
  here.outcome = fail(errc::not_found, "curl: not found");
  CHECK(test::contains(failure_text(here.fetch("https://a"), errc::not_found), "install it (apt install curl)"));
  here.outcome = fail(errc::timed_out, "curl took too long");
  CHECK(test::contains(failure_text(here.fetch("https://a"), errc::timed_out), "https://a: curl took too long"));
  exit_status failed;
  failed.value = 6;
  here.outcome = command_output{failed, "part", "curl: (6) Could not resolve host: a"};
  const std::string problem = failure_text(here.fetch("https://a"), errc::connection_closed);
  CHECK(test::contains(problem, "Could not resolve host"));
  CHECK(test::contains(problem, "--jwks ISSUER=FILE"));
  exit_status killed;
  killed.signaled = true;
  here.outcome = command_output{killed, "part", ""};
  failure_text(here.fetch("https://a"), errc::connection_closed);
}

TEST_CASE("jwks fetcher: files") {
  jwks_fetcher_fixture here;
  const test::temporary_folder folder;
  const auto text = here.fetcher.read(folder.write("keys.json", "{}"));
  REQUIRE(test::succeeds(text));
  CHECK(*text == "{}");
  CHECK(here.fetcher.read(folder.write("most", std::string(limits::key_set_bytes, ' '))).has_value());
  failure_text(here.fetcher.read(folder.write("more", std::string(limits::key_set_bytes + 1, ' '))),
               errc::body_too_large);
  CHECK(test::contains(failure_text(here.fetcher.read(folder / "none"), errc::not_found), "none"));
  failure_text(here.fetcher.read(folder.path()), errc::system_failure);
}
