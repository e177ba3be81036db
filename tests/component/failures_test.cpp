#include "tests/support/emulator_fixture.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>

using namespace kelvin;
using namespace kelvin::test;
using namespace std::chrono_literals;

namespace {

std::string error_of(const std::optional<invocation_outcome>& outcome) {
  REQUIRE(outcome.has_value());
  const auto* failed = std::get_if<function_error>(&outcome->answer);
  REQUIRE(failed != nullptr);
  return std::string(failed->error.view());
}

std::string id_in(const emulator_fixture& emulator) {
  for (const auto& each : emulator.sink.entries) {
    if (!each.id.empty()) {
      return each.id;
    }
  }
  return {};
}

using words = std::vector<std::string>;

}  // namespace

TEST_CASE("a process that exits in its init is started twice, and the caller told why") {
  emulator_fixture emulator({emulator_fixture::function()});
  emulator.script = [](std::shared_ptr<fake_process> process, scripted_runtime&) -> awaitable<void> {
    process->exit({.value = 1});
    co_return;
  };
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  emulator.settle();
  CHECK(emulator.sandboxes.started() == 2);
  CHECK(emulator.sink.words() == words{"INIT_REPORT init", "INIT_REPORT invoke", "START", "FAULT", "END", "REPORT"});
  CHECK(error_of(outcome) == R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )" + id_in(emulator) +
                                 R"( Error: Runtime exited with error: exit status 1"})");
  CHECK(emulator.sink.last_report_status == completion_status::error);
}

TEST_CASE("the init phase has full CPU, a second init inside an invocation its share") {
  emulator_fixture emulator({emulator_fixture::function()});
  std::vector<std::shared_ptr<fake_process>> processes;
  emulator.script = [&](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    processes.push_back(process);
    const bool fails = processes.size() == 1;
    if (fails) {
      process->exit({.value = 1});
      co_return;
    }
    const wire_answer event = co_await runtime.next();
    std::string id(event.field("Lambda-Runtime-Aws-Request-Id"));
    co_await runtime.respond(std::move(id), "1");
    co_await runtime.next();
  };
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  emulator.settle();
  REQUIRE(processes.size() == 2);
  CHECK(processes[0]->activities == std::vector{activity::init});
  CHECK(processes[1]->activities == std::vector{activity::invoke, activity::idle});
}

TEST_CASE("an error posted by the init goes to the caller as it is") {
  emulator_fixture emulator({emulator_fixture::function()});
  emulator.script = [](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    co_await runtime.init_error(R"({"errorType":"My.Error","errorMessage":"no config"})");
    process->exit({.value = 1});
  };
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  CHECK(error_of(outcome) == R"({"errorType":"My.Error","errorMessage":"no config"})");
  CHECK(emulator.sandboxes.started() == 2);
}

TEST_CASE("an init over 10 s runs again inside the invocation, under the function's timeout") {
  emulator_fixture emulator({emulator_fixture::function()});
  emulator.script = [](std::shared_ptr<fake_process>, scripted_runtime&) -> awaitable<void> { co_return; };
  const steady_time begun = emulator.clock.now();
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  emulator.settle();
  CHECK(emulator.clock.now() - begun == 13s);
  CHECK(error_of(outcome) == R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )" + id_in(emulator) +
                                 R"( Error: Task timed out after 3.00 seconds"})");
  CHECK(emulator.sink.words() == words{"INIT_REPORT init", "INIT_REPORT invoke", "START", "FAULT", "END", "REPORT"});
  CHECK(emulator.sink.last_report_status == completion_status::timeout);
  CHECK(emulator.sink.last_report_duration == 3s);
}

TEST_CASE("an init that is slow once succeeds inside the invocation and carries no Init Duration") {
  emulator_fixture emulator({emulator_fixture::function()});
  int starts = 0;
  const auto serves = emulator_fixture::serving([](const std::string& event) { return event; });
  emulator.script = [&](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    if (++starts == 1) {
      co_return;
    }
    co_await serves(process, runtime);
  };
  auto& outcome = emulator.invoke("5");
  emulator.run_until([&] { return outcome.has_value(); });
  emulator.settle();
  REQUIRE(std::holds_alternative<invocation_success>(outcome->answer));
  CHECK(emulator.sink.words() == words{"INIT_REPORT init", "START", "END", "REPORT"});
  CHECK_FALSE(emulator.sink.last_report_init.has_value());
}

TEST_CASE("a timeout answers the caller, kills the process, and the next invocation starts it again in its place") {
  emulator_fixture emulator({emulator_fixture::function()});
  int starts = 0;
  const auto serves = emulator_fixture::serving([](const std::string& event) { return event; });
  emulator.script = [&](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    if (++starts == 1) {
      co_await runtime.next();
      co_await runtime.receive_next();
    }
    co_await serves(process, runtime);
  };
  auto& first = emulator.invoke();
  emulator.run_until([&] { return first.has_value(); });
  CHECK(error_of(first).find("Task timed out after 3.00 seconds") != std::string::npos);
  auto& second = emulator.invoke("7");
  emulator.run_until([&] { return second.has_value(); });
  CHECK(std::get<invocation_success>(second->answer).response.view() == "7");
  CHECK(emulator.sandboxes.most_alive() == 1);
  CHECK(emulator.running->activity("f").environments == 1);
  CHECK(emulator.sink.words() == words{"START", "FAULT", "END", "REPORT", "START", "END", "REPORT"});
}

TEST_CASE("what a process sent before it died counts") {
  emulator_fixture emulator({emulator_fixture::function()});
  emulator.script = [](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    const wire_answer event = co_await runtime.next();
    const std::string id = event.field("Lambda-Runtime-Aws-Request-Id");
    const std::string body = R"({"errorType":"Panic","errorMessage":"x"})";
    co_await runtime.wire().send("POST /2018-06-01/runtime/invocation/" + id +
                                 "/error HTTP/1.1\r\nHost: " + process->runtime_api() +
                                 "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    process->exit({.value = 1});
    runtime.crash();
  };
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  CHECK(error_of(outcome) == R"({"errorType":"Panic","errorMessage":"x"})");
}

TEST_CASE("the function's own lines stand between START and END") {
  emulator_fixture emulator({emulator_fixture::function()});
  emulator.script = [](std::shared_ptr<fake_process> process, scripted_runtime& runtime) -> awaitable<void> {
    for (;;) {
      const wire_answer event = co_await runtime.next();
      std::string id = event.field("Lambda-Runtime-Aws-Request-Id");
      process->undelivered_output.push_back(event.body);
      co_await runtime.respond(std::move(id), "null");
    }
  };
  for (int count = 0; count < 3; ++count) {
    auto& outcome = emulator.invoke(std::to_string(count));
    emulator.run_until([&] { return outcome.has_value(); });
  }
  emulator.settle();
  CHECK(emulator.sink.words() == words{"START", "OUTPUT 0", "END", "REPORT", "START", "OUTPUT 1", "END", "REPORT",
                                       "START", "OUTPUT 2", "END", "REPORT"});
}

TEST_CASE("a bootstrap that cannot be executed is answered with AWS's text") {
  emulator_fixture emulator({emulator_fixture::function()});
  for (int count = 0; count < 2; ++count) {
    emulator.sandboxes.fail_next(fail(errc::not_executable, "fork/exec /var/task/bootstrap: exec format error"));
  }
  auto& outcome = emulator.invoke();
  emulator.run_until([&] { return outcome.has_value(); });
  CHECK(error_of(outcome).find(R"("errorType":"Runtime.InvalidEntrypoint")") != std::string::npos);
  CHECK(error_of(outcome).find("fork/exec /var/task/bootstrap: exec format error") != std::string::npos);
}

TEST_CASE("a process that dies between two invocations is replaced by the next one") {
  emulator_fixture emulator({emulator_fixture::function()});
  std::shared_ptr<fake_process> last;
  const auto serves = emulator_fixture::serving([](const std::string& event) { return event; });
  emulator.script = [&](std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
    last = process;
    return serves(process, runtime);
  };
  auto& first = emulator.invoke("1");
  emulator.run_until([&] { return first.has_value(); });
  emulator.settle();
  last->exit({.signaled = true, .value = 9});
  emulator.settle();
  auto& second = emulator.invoke("2");
  emulator.run_until([&] { return second.has_value(); });
  CHECK(std::get<invocation_success>(second->answer).response.view() == "2");
  CHECK(emulator.sandboxes.started() == 2);
}

namespace {

/// What one invocation's event asks the scripted runtime to do.
enum class act { answer, error, exit_before, exit_after, hang, print, slow };
constexpr unsigned acts = 7;

awaitable<void> act_out(emulator_fixture& in, std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
  for (;;) {
    const wire_answer event = co_await runtime.next();
    std::string id = event.field("Lambda-Runtime-Aws-Request-Id");
    const auto does = static_cast<act>(std::stoul(event.body.substr(0, 1)));
    std::string body = event.body;
    if (does == act::hang) {
      co_await runtime.receive_next();
    }
    if (does == act::slow) {
      one_shot<bool> due;
      const auto pausing = in.clock.make_alarm([&due] { due.set(true); });
      pausing->set(in.clock.now() + 200ms);
      co_await due.wait();
    }
    if (does == act::exit_before) {
      process->exit({.value = 3});
      co_return;
    }
    if (does == act::print) {
      process->undelivered_output.push_back("line");
    }
    if (does == act::error) {
      co_await runtime.error(std::move(id), std::move(body));
    } else {
      co_await runtime.respond(std::move(id), std::move(body));
    }
    if (does == act::exit_after) {
      process->exit({.value = 0});
      co_return;
    }
  }
}

void check_outcome(act did, const std::string& sent, const std::optional<invocation_outcome>& outcome) {
  REQUIRE(outcome.has_value());
  const auto* success = std::get_if<invocation_success>(&outcome->answer);
  const auto* failed = std::get_if<function_error>(&outcome->answer);
  switch (did) {
    case act::error:
      REQUIRE(failed != nullptr);
      CHECK(failed->error.view() == sent);
      break;
    case act::exit_before:
      REQUIRE(failed != nullptr);
      CHECK(failed->error_type == "Runtime.ExitError");
      break;
    case act::hang:
      REQUIRE(failed != nullptr);
      CHECK(failed->error_type == "Sandbox.Timedout");
      break;
    default: REQUIRE(success != nullptr); CHECK(success->response.view() == sent);
  }
}

}  // namespace

TEST_CASE("under random acts each invocation gets its one right answer and its log lines") {
  const unsigned seed = random_seed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    auto function = emulator_fixture::function();
    function.environments = 1 + random() % 6;
    function.timeout = 900s;  // so that nobody gives up the wait for an environment
    emulator_fixture emulator({function});
    emulator.script = [&emulator](std::shared_ptr<fake_process> process, scripted_runtime& runtime) {
      return act_out(emulator, std::move(process), runtime);
    };
    std::vector<std::pair<act, std::string>> sent;
    bool hung = false;
    for (int count = 0; count < 60; ++count) {
      // Hanging costs the whole timeout of emulated time: once, or those behind it give up their wait.
      act does = static_cast<act>(random() % acts);
      if (does == act::hang && std::exchange(hung, true)) {
        does = act::answer;
      }
      sent.emplace_back(does, std::to_string(static_cast<int>(does)) + std::to_string(count));
      emulator.invoke(sent.back().second);
      if (random() % 3 == 0) {
        emulator.settle();
      }
    }
    emulator.run_until([&] {
      return std::all_of(emulator.outcomes.begin(), emulator.outcomes.end(),
                         [](const auto& each) { return each.has_value(); });
    });
    const auto reports = [&emulator] {
      const auto all = emulator.sink.words();
      return static_cast<std::size_t>(std::count(all.begin(), all.end(), "REPORT"));
    };
    emulator.run_until([&] { return reports() == sent.size(); });
    for (std::size_t index = 0; index < sent.size(); ++index) {
      check_outcome(sent[index].first, sent[index].second, emulator.outcomes[index]);
    }
    CHECK(emulator.sandboxes.most_alive() <= function.environments);
    std::map<std::string, words> lines;
    for (const auto& each : emulator.sink.entries) {
      if (!each.id.empty() && each.what != "FAULT") {
        lines[each.id].push_back(each.what);
      }
    }
    CHECK(lines.size() == sent.size());
    for (const auto& [id, each] : lines) {
      CHECK(each == words{"START", "END", "REPORT"});
    }
  }
}
