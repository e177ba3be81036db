#include "tests/support/manual_clock.hpp"
#include "tests/unit/service/service_fixture.hpp"

#include <doctest/doctest.h>

namespace {

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

const std::string json_head = "\r\nContent-Type: application/json\r\n\r\n";
const std::string next_request = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {endpoint}\r\n\r\n";

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: {endpoint}\r\n\r\n";
}
std::string post(const std::string& path) {
  return "POST " + path + " HTTP/1.1\r\nHost: {endpoint}\r\nContent-Length: 2\r\n\r\n{}";
}

TEST_CASE_FIXTURE(service_fixture, "ping") {
  CHECK(say(get("/2018-06-01/ping")).essence() ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\npong");
}

TEST_CASE_FIXTURE(service_fixture, "what is not of this API is not found") {
  for (const std::string path :
       {"/", "/2018-06-01/runtime/restore/next", "/2021-04-23/credentials", "/2018-06-01/runtime/invocation/next/",
        "/2018-06-01/runtime/invocation", "/2018-06-01/runtime/invocation/a/b/response",
        "/2018-06-01/runtime/invocation//response", "/2018-06-01/ping/x", "/2018-06-01/runtime/invocation/a/other"}) {
    CAPTURE(path);
    CHECK(say(get(path)).essence() ==
          "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n404 page not found\n");
    CHECK(say(post(path)).status() == 404);
  }
  CHECK(say(post("/2018-06-01/runtime/restore/error")).status() == 404);
}

TEST_CASE_FIXTURE(service_fixture, "a wrong method is refused with nothing said") {
  const std::string refused = "HTTP/1.1 405 Method Not Allowed\r\nAllow: ";
  CHECK(say(post("/2018-06-01/runtime/invocation/next")).essence() == refused + "GET\r\n\r\n");
  CHECK(say(post("/2018-06-01/ping")).essence() == refused + "GET\r\n\r\n");
  CHECK(say(get("/2018-06-01/runtime/init/error")).essence() == refused + "POST\r\n\r\n");
  CHECK(say(get("/2018-06-01/runtime/invocation/x/response")).essence() == refused + "POST\r\n\r\n");
  CHECK(say(get("/2018-06-01/runtime/invocation/x/error")).essence() == refused + "POST\r\n\r\n");
  CHECK(observer.log == strings{"connect"});
}

TEST_CASE_FIXTURE(service_fixture, "a query does not change the endpoint") {
  CHECK(say(get("/2018-06-01/ping?a=/b")).status() == 200);
}

TEST_CASE_FIXTURE(service_fixture, "browsers and foreign hosts are refused") {
  const auto refused = [](const std::string& why) {
    return "HTTP/1.1 403 Forbidden" + json_head + "{\"errorMessage\":\"" + why +
           "\",\"errorType\":\"ForbiddenRequest\"}\n";
  };
  const std::string browser = refused("The Runtime API does not answer browsers");
  const std::string host =
      refused("The Host header does not name this Runtime API; use AWS_LAMBDA_RUNTIME_API as it is");
  const std::string line = "GET /2018-06-01/ping HTTP/1.1\r\n";
  CHECK(say(line + "Host: {endpoint}\r\nOrigin: http://a\r\n\r\n").essence() == browser);
  CHECK(say(line + "Host: {endpoint}\r\norigin: null\r\n\r\n").essence() == browser);
  CHECK(say(line + "Host: {endpoint}\r\nSec-Fetch-Site: none\r\n\r\n").essence() == browser);
  CHECK(say(line + "Host: evil.example\r\n\r\n").essence() == host);
  CHECK(say(line + "Host: 127.0.0.1:1\r\n\r\n").essence() == host);
  CHECK(say(line + "Host: 127.0.0.1\r\n\r\n").essence() == host);
  CHECK(say(line + "Host: localhost\r\n\r\n").essence() == host);
}

TEST_CASE_FIXTURE(service_fixture, "its own hosts are served, and HTTP/1.0 without one") {
  const std::string port = api->endpoint().substr(api->endpoint().find(':'));
  CHECK(say("GET /2018-06-01/ping HTTP/1.1\r\nHost: localhost" + port + "\r\n\r\n").status() == 200);
  CHECK(say("GET /2018-06-01/ping HTTP/1.1\r\nHost: LocalHost" + port + "\r\n\r\n").status() == 200);
  CHECK(say("GET /2018-06-01/ping HTTP/1.0\r\n\r\n").status() == 200);
}

TEST_CASE_FIXTURE(service_fixture, "APIs not served yet are named to the extension and, once each, to the user") {
  CHECK(say(post("/2020-01-01/extension/register")).essence() ==
        "HTTP/1.1 501 Not Implemented" + json_head +
            "{\"errorMessage\":\"kelvin does not serve the Lambda Extensions API yet (POST "
            "/2020-01-01/extension/register); run the function without the extension, or the layer, that asks for "
            "it\",\"errorType\":\"NotImplemented\"}\n");
  CHECK(say(get("/2020-01-01/extension/event/next")).status() == 501);
  CHECK(say("PUT /2022-07-01/telemetry/ HTTP/1.1\r\nHost: {endpoint}\r\nContent-Length: 2\r\n\r\n{}").status() == 501);
  CHECK(say("PUT /2020-08-15/logs HTTP/1.1\r\nHost: {endpoint}\r\nContent-Length: 2\r\n\r\n{}").status() == 501);
  REQUIRE(notices.size() == 3);
  CHECK(notices[0].find("Extensions API") != std::string::npos);
  CHECK(notices[1].find("Telemetry API") != std::string::npos);
  CHECK(notices[2].find("Logs API") != std::string::npos);
}

TEST_CASE_FIXTURE(service_fixture, "a reset ends the old runtime's calls and begins anew") {
  hand_out_event();
  CHECK(run(runtime.respond(id_text(), "{}")).status() == 202);
  run(runtime.begin_next());
  REQUIRE(until_logged(2));
  observer.log.clear();
  api->reset();
  CHECK(run(runtime.wire().receive_end()));
  runtime.crash();
  // The new one may report a failed init, which the old one could no longer.
  CHECK(run(runtime.init_error("{}")).status() == 202);
  CHECK(observer.log == strings{"connect", "init error"});
}

TEST_CASE_FIXTURE(service_fixture, "a reset forgets the invocation, handed out or not") {
  SUBCASE("handed out") {
    hand_out_event();
  }
  SUBCASE("not yet") {
    api->dispatch(event());
  }
  const std::string old = id_text();
  api->reset();
  runtime.crash();
  run(runtime.begin_next());
  REQUIRE(until([&] { return !observer.log.empty() && observer.log.back() == "next"; }));
  api->dispatch(event("2"));
  CHECK(run(runtime.receive_next()).body == "2");
  CHECK(run(runtime.respond(old, "{}")).status() == 400);
}

TEST_CASE_FIXTURE(service_fixture, "a reset in the middle of a body: nobody is told of the old runtime's answer") {
  hand_out_event();
  wire_connection slow(context);
  run(slow.connect(api->endpoint()));
  run(
      slow.send(fill_in("POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: {endpoint}\r\n"
                        "Content-Length: 4\r\n\r\nab")));
  settle();
  api->reset();
  api->dispatch(event("2"));
  CHECK(run(slow.receive_end()));
  runtime.crash();
  CHECK(run(runtime.next()).body == "2");
  CHECK(observer.responses.empty());
}

TEST_CASE_FIXTURE(service_fixture, "a reset from inside on_response") {
  hand_out_event();
  observer.at_response = [this] { api->reset(); };
  CHECK_THROWS(run(runtime.respond(id_text(), "{}")));
  runtime.crash();
  run(runtime.begin_next());
  REQUIRE(until([&] { return observer.log.back() == "next"; }));
}

TEST_CASE_FIXTURE(service_fixture, "connections are told once per runtime") {
  for (int count = 0; count < 3; ++count) {
    say(get("/2018-06-01/ping"));
  }
  CHECK(observer.log == strings{"connect"});
  api->reset();
  say(get("/2018-06-01/ping"));
  CHECK(observer.log == strings{"connect", "connect"});
}

TEST_CASE_FIXTURE(service_fixture, "ending it with calls in every state leaves nothing behind") {
  SUBCASE("a waiting next") {
    run(runtime.begin_next());
    settle();
  }
  SUBCASE("a body half read") {
    hand_out_event();
    run(
        runtime.wire().send(fill_in("POST /2018-06-01/runtime/invocation/{id}/error HTTP/1.1\r\nHost: {endpoint}\r\n"
                                    "Content-Length: 4\r\n\r\nab")));
    settle();
  }
  SUBCASE("an event half sent") {
    const std::string large(24'000'000, 'x');
    run(runtime.begin_next());
    settle();
    api->dispatch(event(large));
    settle();
    api.reset();
  }
  SUBCASE("an event just handed out") {
    run(runtime.begin_next());
    settle();
    api->dispatch(event());
  }
  const bool had_an_end = api == nullptr;
  api.reset();
  if (!had_an_end) {
    CHECK(run(runtime.wire().receive_end()));
  }
}

TEST_CASE_FIXTURE(service_fixture, "read_out: what a dead process had sent is handled before it ends") {
  hand_out_event();
  wire_connection dying(context);
  run(dying.connect(api->endpoint()));
  // Nothing of this is accepted or read yet when the process is gone.
  run(dying.send(fill_in("POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: {endpoint}\r\n"
                         "Content-Length: 1000000\r\n\r\n") +
                 std::string(1'000'000, 'x')));
  dying.close();
  runtime.crash();
  run(api->read_out(10s));
  CHECK(observer.log == strings{"response"});
}

TEST_CASE_FIXTURE(service_fixture, "read_out: a connection that was not yet accepted is read") {
  wire_connection dying(context);
  boost::asio::ip::tcp::endpoint peer;
  run(dying.connect(api->endpoint()));
  run(
      dying.send(fill_in("POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {endpoint}\r\n"
                         "Content-Length: 2\r\n\r\n{}")));
  dying.close();
  run(api->read_out(10s));
  CHECK(observer.log == strings{"connect", "init error"});
}

TEST_CASE_FIXTURE(service_fixture, "read_out: a waiting next does not hold it up") {
  run(runtime.begin_next());
  settle();
  manual_clock standing;
  service::runtime_api_ports own(context, standing);
  auto other = std::move(service::runtime_api::open(context, standing, own, observer)).value();
  scripted_runtime waiting(context, other->endpoint());
  run(waiting.begin_next());
  settle();
  run(other->read_out(10s));  // would never end if it looked at the clock
  waiting.wire().close();
}

TEST_CASE_FIXTURE(service_fixture,
                  "read_out: a descendant that keeps a connection open is waited for no longer than asked") {
  say(get("/2018-06-01/ping"));
  wire_connection open_one(context);
  run(open_one.connect(api->endpoint()));
  settle();
  const auto before = time.now();
  run(api->read_out(30ms));
  CHECK(time.now() - before >= 30ms);
}

TEST_CASE_FIXTURE(service_fixture, "read_out: ends with the Runtime API itself") {
  wire_connection open_one(context);
  run(open_one.connect(api->endpoint()));
  settle();
  auto waiting = api->read_out(10s);
  bool ended = false;
  boost::asio::co_spawn(context.get_executor(), std::move(waiting), [&](std::exception_ptr) { ended = true; });
  settle();
  CHECK_FALSE(ended);
  api.reset();
  CHECK(until([&] { return ended; }));
}

TEST_CASE_FIXTURE(service_fixture, "each Runtime API has a port of its own, not used again soon") {
  std::vector<std::string> endpoints{api->endpoint()};
  for (int count = 0; count < 200; ++count) {
    auto other = open();
    CHECK(std::find(endpoints.begin(), endpoints.end(), other->endpoint()) == endpoints.end());
    endpoints.push_back(other->endpoint());
  }
}

}  // namespace
