#pragma once

#include "emulator/scheduler/scheduler.hpp"
#include "runtime-api/service/runtime_api_ports.hpp"
#include "tests/support/fake_sandbox.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_runtime.hpp"

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::test {

/// Keeps what was reported, in short words that tests compare: `START`, `END`, `REPORT`, …
class recording_sink final : public lifecycle_sink {
 public:
  struct entry {
    std::string what;
    std::string id;  ///< request id, empty where there is none
  };

  void report(const lifecycle_event& event) override {
    if (const auto* started = std::get_if<platform_start>(&event)) {
      add("START", started->request_id.text());
    } else if (const auto* done = std::get_if<platform_runtime_done>(&event)) {
      add("END", done->request_id.text());
    } else if (const auto* reported = std::get_if<platform_report>(&event)) {
      add("REPORT", reported->request_id.text());
      last_report_status = reported->status;
      last_report_init = reported->init_duration;
      last_report_duration = reported->invoke_duration;
    } else if (const auto* failed = std::get_if<platform_init_report>(&event)) {
      add(std::string("INIT_REPORT ") + (failed->phase == phase::init ? "init" : "invoke"), "");
    } else if (const auto* fault = std::get_if<platform_fault>(&event)) {
      add("FAULT", fault->request_id.text());
    } else if (const auto* output = std::get_if<function_output>(&event)) {
      add("OUTPUT " + std::string(output->line), "");
    } else if (const auto* said = std::get_if<notice>(&event)) {
      notices.emplace_back(said->text);
    }
  }

  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (const entry& each : entries) {
      all.push_back(each.what);
    }
    return all;
  }

  std::vector<entry> entries;
  std::vector<std::string> notices;
  completion_status last_report_status{};
  std::optional<duration> last_report_init;
  duration last_report_duration{};

 private:
  void add(std::string what, std::string_view id) { entries.push_back({std::move(what), std::string(id)}); }
};

/// The real scheduler and execution environments over fake processes, real loopback sockets and a
/// clock that moves to the next alarm whenever nothing else is left to do.
class emulator_fixture {
 public:
  /// What the process does that was just started; a runtime for it to speak with.
  using runtime_script = std::function<awaitable<void>(std::shared_ptr<fake_process>, scripted_runtime&)>;

  explicit emulator_fixture(std::vector<function_configuration> functions, account_configuration account = {})
      : registry(std::move(account), std::move(functions)) {
    const environment_services services{context, tasks, clock, ports, sandboxes, sink, registry.account()};
    running = std::make_unique<scheduler>(services, registry);
  }
  ~emulator_fixture() {
    bool ended = false;
    spawn([](emulator_fixture& self, bool& done) -> awaitable<void> {
      co_await self.running->shut_down();
      done = true;
    }(*this, ended));
    run_until([&ended] { return ended; });
    // Scripts that pause come to their end too: a coroutine that waits in its own frame would leak.
    run_until([this] { return tasks.size() == 0; });
    runtimes_.clear();
    context.stop();
  }

  static function_configuration function(std::string name = "f") {
    function_configuration made;
    made.name = std::move(name);
    made.bootstrap = "/nowhere/bootstrap";
    made.code_folder = "/nowhere";
    return made;
  }

  void spawn(awaitable<void> task) { tasks.spawn(std::move(task)); }

  /// Starts an invocation; its outcome appears behind the reference.
  std::optional<invocation_outcome>& invoke(std::string event = "{}", std::string name = "f",
                                            caller_patience* patience = nullptr) {
    auto& place = outcomes.emplace_back();
    invocation_request request;
    request.function_name = name;
    request.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:" + name;
    request.event = payload(event);
    request.patience = patience;
    spawn(run_invocation(*running, std::move(request), place));
    return place;
  }

  /// Runs the loop until the condition holds, moving the clock when it has nothing else to do.
  /// Throws where nothing is left that could change anything.
  void run_until(const std::function<bool()>& holds) {
    for (int idle = 0; !holds();) {
      context.restart();
      if (context.poll() != 0) {
        idle = 0;
        continue;
      }
      if (++idle < 3) {
        continue;
      }
      idle = 0;
      const auto due = clock.next();
      if (!due) {
        const function_activity now = running->activity(registry.functions().front().name);
        throw std::runtime_error(
            "nothing is left to do and the condition does not hold: " + std::to_string(now.environments) +
            " environments, " + std::to_string(now.idle) + " idle, " + std::to_string(now.running) + " running, " +
            std::to_string(now.waiting) + " waiting");
      }
      clock.advance(*due - clock.now());
    }
  }
  /// Runs until nothing happens without time passing.
  void settle() {
    for (int idle = 0; idle < 3;) {
      context.restart();
      idle = context.poll() == 0 ? idle + 1 : 0;
    }
  }

  /// A runtime that serves events with `handle` until its connection is closed.
  static runtime_script serving(std::function<std::string(const std::string& event)> handle) {
    return [handle](std::shared_ptr<fake_process>, scripted_runtime& runtime) { return serve(runtime, handle); };
  }

  boost::asio::io_context context{1};
  manual_clock clock;
  service::runtime_api_ports ports{context, clock};
  recording_sink sink;
  task_group tasks{context, [](std::exception_ptr) {}};
  runtime_script script = serving([](const std::string& event) { return event; });
  fake_sandbox_factory sandboxes{
      clock, [this](std::shared_ptr<fake_process> process) {
        runtimes_.emplace_back(std::make_unique<scripted_runtime>(context, process->runtime_api()));
        spawn(run_script(script, std::move(process), *runtimes_.back()));
      }};
  function_registry registry;
  std::unique_ptr<scheduler> running;
  std::deque<std::optional<invocation_outcome>> outcomes;

 private:
  static awaitable<void> run_invocation(scheduler& on, invocation_request request,
                                        std::optional<invocation_outcome>& place) {
    place = co_await on.invoke(std::move(request));
  }
  /// The script is held by value: its coroutine refers to what it captured.
  static awaitable<void> run_script(runtime_script does, std::shared_ptr<fake_process> process,
                                    scripted_runtime& runtime) {
    try {
      co_await does(std::move(process), runtime);
    } catch (const std::exception&) {
      // The Runtime API closed the connection: this process was killed.
    }
  }
  static awaitable<void> serve(scripted_runtime& runtime, std::function<std::string(const std::string&)> handle) {
    for (;;) {
      const wire_answer event = co_await runtime.next();
      std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
      std::string answer = handle(event.body);
      co_await runtime.respond(std::move(id), std::move(answer));
    }
  }

  std::vector<std::unique_ptr<scripted_runtime>> runtimes_;
};

}  // namespace kelvin::test
