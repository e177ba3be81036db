#pragma once

#include "runtime-api/base/system_clock.hpp"
#include "runtime-api/service/runtime_api.hpp"
#include "runtime-api/service/runtime_api_ports.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/scripted_runtime.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::test {

/// Keeps what the Runtime API tells, as text in order and as values; a test may act from inside.
class recording_observer final : public service::runtime_observer {
 public:
  void on_connect(steady_time) override { log.push_back("connect"); }
  void on_next(steady_time when) override {
    log.push_back("next");
    last_next = when;
    if (at_next) {
      at_next();
    }
  }
  void on_response(service::runtime_response response) override {
    log.push_back("response");
    responses.push_back(std::move(response));
    if (at_response) {
      at_response();
    }
  }
  void on_invocation_error(service::runtime_error error) override {
    log.push_back("error");
    errors.push_back(std::move(error));
  }
  void on_init_error(service::runtime_error error) override {
    log.push_back("init error");
    errors.push_back(std::move(error));
  }

  std::vector<std::string> log;
  std::vector<service::runtime_response> responses;
  std::vector<service::runtime_error> errors;
  steady_time last_next{};
  std::function<void()> at_next;
  std::function<void()> at_response;
};

/// A Runtime API on a real port, its observer and one runtime.
struct service_fixture {
  service_fixture() : api(open()), runtime(context, api->endpoint()) {}

  /// Nothing may be left in the loop once the Runtime API and its clients are gone.
  ~service_fixture() {
    runtime.wire().close();
    api.reset();
    ports.reset();
    context.restart();
    context.run_for(std::chrono::seconds(10));
    CHECK(context.stopped());
  }

  std::unique_ptr<service::runtime_api> open() {
    auto opened = service::runtime_api::open(context, time, *ports, observer,
                                             [this](std::string_view text) { notices.emplace_back(text); });
    return std::move(opened).value();
  }

  template <class T>
  T run(awaitable<T> task) {
    return run_coroutine(context, std::move(task));
  }
  template <class Condition>
  bool until(Condition is_done) {
    return run_until(context, std::move(is_done));
  }
  bool until_logged(std::size_t entries) {
    return until([this, entries] { return observer.log.size() >= entries; });
  }

  /// Runs whatever is ready: what was sent over loopback is in the server's socket at once, so this
  /// takes it in.
  void settle() {
    context.restart();
    context.poll();
  }

  service::runtime_event event(std::string_view body = R"({"n":1})") {
    id = request_id::generate();
    service::runtime_event made;
    made.request_id = id;
    made.deadline = wall_time(std::chrono::milliseconds(1'763'900'000'123));
    made.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    made.trace_id = "Root=1-aaaaaaaa-bbbbbbbbbbbbbbbbbbbbbbbb;Parent=cccccccccccccccc;Sampled=1";
    made.content_type = "application/json";
    made.event = body;
    return made;
  }
  std::string id_text() const { return std::string(id.text()); }

  /// Takes the runtime through its init and gives it an event.
  void hand_out_event() {
    api->dispatch(event());
    const auto answer = run(runtime.next());
    REQUIRE(answer.status() == 200);
    REQUIRE(answer.field("Lambda-Runtime-Aws-Request-Id") == id_text());
    observer.log.clear();
  }

  /// Sends raw bytes on a connection of its own; `{endpoint}` and `{id}` are filled in.
  wire_answer say(std::string request) {
    wire_connection wire(context);
    return run(say_on(wire, fill_in(std::move(request))));
  }
  std::string fill_in(std::string text) const {
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"{endpoint}", api->endpoint()},
                                      std::pair<std::string, std::string>{"{id}", id_text()}}) {
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
        text.replace(at, name.size(), value);
      }
    }
    return text;
  }

  boost::asio::io_context context{1};
  system_clock time{context};
  std::unique_ptr<service::runtime_api_ports> ports = std::make_unique<service::runtime_api_ports>(context, time);
  recording_observer observer;
  std::vector<std::string> notices;
  request_id id;
  std::unique_ptr<service::runtime_api> api;
  scripted_runtime runtime;

 private:
  awaitable<wire_answer> say_on(wire_connection& wire, std::string request) {
    co_await wire.connect(api->endpoint());
    co_await wire.send(std::move(request));
    co_return co_await wire.receive();
  }
};

}  // namespace kelvin::test
