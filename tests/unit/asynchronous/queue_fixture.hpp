#pragma once

#include "emulator/event_source/asynchronous/asynchronous_queue.hpp"
#include "runtime-api/base/one_shot.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <exception>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::test {

inline invocation_outcome success(std::string_view body = "null") {
  return {invocation_success{payload(body), ""}, "", ""};
}
inline invocation_outcome error(std::string_view body = R"({"errorMessage":"no"})") {
  return {function_error{payload(body), "E"}, "", ""};
}
inline invocation_outcome refused() {
  return {throttled{throttle_reason::concurrent_invocation_limit_exceeded}, "", ""};
}

/// Stands for the scheduler: answers as the test says, at once or when the test lets it.
struct scripted_invoker final : invoker {
  struct attempt {
    std::string id, function, arn, event;
    bool has_context, log_tail;
    steady_time when;
  };

  explicit scripted_invoker(kelvin::clock& of) : time(of) {}

  awaitable<invocation_outcome> invoke(invocation_request request) override {
    attempts.push_back({std::string(request.request_id.text()), request.function_name, request.invoked_function_arn,
                        std::string(request.event.view()), request.client_context.has_value(), request.log_tail,
                        time.now()});
    ++running;
    if (held) {
      one_shot<bool> released;
      waiting.push_back(&released);
      co_await released.wait();
    }
    --running;
    co_return answer(request);
  }
  void release_all() {
    for (one_shot<bool>* each : std::exchange(waiting, {})) {
      each->set(true);
    }
  }

  kelvin::clock& time;
  std::vector<attempt> attempts;
  std::size_t running = 0;
  bool held = false;
  std::vector<one_shot<bool>*> waiting;
  std::function<invocation_outcome(const invocation_request&)> answer = [](const invocation_request&) {
    return success();
  };
};

struct notices final : lifecycle_sink {
  void report(const lifecycle_event& event) override {
    const auto& said = std::get<notice>(event);
    if (said.level >= notice_level::warning) {
      texts.emplace_back(said.text);
    }
  }
  std::vector<std::string> texts;
};

struct queue_fixture {
  explicit queue_fixture(
      std::function<void(function_configuration&)> change = [](function_configuration&) {}, retry_delays delays = {})
      : registry({}, functions(change)), queue(services(), delays) {}
  ~queue_fixture() {
    functions_side.held = false;
    functions_side.release_all();
    run();
  }

  static std::vector<function_configuration> functions(const std::function<void(function_configuration&)>& change) {
    std::vector<function_configuration> made(2);
    made[0].name = "f";
    made[1].name = "g";
    for (auto& each : made) {
      change(each);
    }
    return made;
  }
  asynchronous_services services() {
    return {functions_side, clock, sink, registry, [this](awaitable<void> task) {
              // co_spawn() alone would begin it from inside spawn.
              boost::asio::post(context, [this, begun = std::move(task)]() mutable {
                boost::asio::co_spawn(context.get_executor(), std::move(begun), [](std::exception_ptr escaped) {
                  if (escaped) {
                    std::rethrow_exception(escaped);
                  }
                });
              });
            }};
  }
  asynchronous_invoker::verdict send(std::string_view event = "{}", std::string name = "f") {
    invocation_request request;
    request.function_name = name;
    request.invoked_function_arn = "arn:" + name;
    request.event = payload(event);
    request.client_context = "{}";
    request.log_tail = true;
    return queue.accept(std::move(request));
  }
  void run() {
    context.restart();
    context.poll();
  }
  void advance(duration by) {
    // In steps, so that what an alarm starts has begun before time goes on.
    const steady_time end = clock.now() + std::chrono::duration_cast<steady_time::duration>(by);
    run();
    while (const auto next = clock.next()) {
      if (*next > end) {
        break;
      }
      clock.advance(*next - clock.now());
      run();
    }
    clock.advance(end - clock.now());
    run();
  }
  std::vector<duration> waits() const {
    std::vector<duration> all;
    for (std::size_t index = 1; index < functions_side.attempts.size(); ++index) {
      all.push_back(functions_side.attempts[index].when - functions_side.attempts[index - 1].when);
    }
    return all;
  }

  boost::asio::io_context context{1};
  manual_clock clock;
  scripted_invoker functions_side{clock};
  notices sink;
  function_registry registry;
  asynchronous_queue queue;
};

inline std::vector<nlohmann::json> lines_of(const std::string& path) {
  std::vector<nlohmann::json> all;
  std::istringstream text(read_file(path));
  for (std::string line; std::getline(text, line);) {
    all.push_back(nlohmann::json::parse(line));
  }
  return all;
}

inline event_destination file(const std::string& path) {
  return {event_destination::kind_type::file, path};
}
inline event_destination function(const std::string& name) {
  return {event_destination::kind_type::function, name};
}

}  // namespace kelvin::test
