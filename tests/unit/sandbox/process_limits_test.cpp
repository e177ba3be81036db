#include "emulator/sandbox/cpu_share.hpp"
#include "emulator/sandbox/tree_pause.hpp"
#include "emulator/sandbox/tree_usage.hpp"
#include "sandbox_fixture.hpp"

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

namespace kelvin::test {
namespace {

constexpr const char* burn = "while :; do :; done";

/// The state's letter of a process.
char state_of(pid_t process) {
  const std::string text = read_file("/proc/" + std::to_string(process) + "/stat");
  const std::size_t name_end = text.rfind(')');
  return name_end == std::string::npos ? '\0' : text[name_end + 2];
}

bool all_stopped(const std::vector<pid_t>& processes) {
  return std::ranges::all_of(processes, [](pid_t each) { return state_of(each) == 'T'; });
}

bool none_stopped(const std::vector<pid_t>& processes) {
  return std::ranges::none_of(processes, [](pid_t each) { return state_of(each) == 'T'; });
}

std::unique_ptr<sandbox> start_limited(sandbox_fixture& fixture, std::string script, resource_limits limits) {
  process_specification specification = fixture.specify("/bin/sh", {"-c", std::move(script)});
  specification.limits = limits;
  auto started = fixture.try_start(std::move(specification));
  REQUIRE(started.has_value());
  return std::move(*started);
}

/// What the marked processes have used.
duration used(const sandbox_fixture& fixture) {
  duration all{};
  for (const pid_t process : processes_marked(fixture.mark)) {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(process, &clock) == 0 && ::clock_gettime(clock, &time) == 0) {
      all += std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
  }
  return all;
}

/// The share of a CPU that the tree got over 0.3 s of CPU time.
double measure_share(sandbox_fixture& fixture) {
  const duration before = used(fixture);
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE(fixture.run_until([&] { return used(fixture) - before > 300ms; }));
  const duration wall = std::chrono::steady_clock::now() - begun;
  return static_cast<double>((used(fixture) - before).count()) / static_cast<double>(wall.count());
}

}  // namespace

TEST_CASE("tree usage: processes that live and those that have ended count, the reaper does not") {
  sandbox_fixture fixture;
  const auto box =
      fixture.start_shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done & wait; echo ended; " + std::string(burn));
  const pid_t keeper = helpers_below(::getpid(), "kelvin-keeper").front();
  REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
  tree_meter meter(keeper);
  const tree_usage first = meter.begin();
  CHECK(first.threads == 1);
  CHECK(fixture.run_until([&] { return meter.measure().cpu > first.cpu + 50ms; }));
  fixture.run(box->stop());
}

TEST_CASE("tree usage: a process that was seen counts when it has ended, one that was not does but for 40 ms") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("sh -c '" + std::string(burn) + "' & wait; echo ended; sleep 1000");
  REQUIRE(wait_until([&] { return processes_marked(fixture.mark).size() == 2; }));
  tree_meter seen(helpers_below(::getpid(), "kelvin-keeper").front());
  tree_meter unseen = seen;
  const duration before = seen.begin().cpu;
  const duration before_unseen = unseen.begin().cpu;
  REQUIRE(fixture.run_until([&] { return seen.measure().cpu > before + 100ms; }));
  const duration used = seen.measure().cpu - before;
  const auto processes = processes_marked(fixture.mark);
  ::kill(*std::ranges::max_element(processes), SIGKILL);
  REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
  CHECK(seen.measure().cpu - before >= used);
  // It was there at the beginning, so what it had used by then is known as well.
  CHECK(unseen.measure().cpu - before_unseen >= used - 41ms);
  fixture.run(box->stop());
}

TEST_CASE("tree pause: all processes stop and go on, and can be killed while stopped") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("setsid sh -c 'sleep 1000 & sleep 1000' & sleep 1000");
  const pid_t keeper = helpers_below(::getpid(), "kelvin-keeper").front();
  // A shell whose child is stopped between its vfork and exec does not run, but is not stopped either.
  REQUIRE(wait_until(
      [&] { return helpers_below(keeper, "sleep").size() == 3 && processes_marked(fixture.mark).size() == 5; }));
  const auto processes = processes_marked(fixture.mark);
  tree_pause pause(keeper);
  pause.pause();
  CHECK(wait_until([&] { return all_stopped(processes); }));
  CHECK_FALSE(all_stopped({keeper}));
  pause.resume();
  CHECK(wait_until([&] { return none_stopped(processes); }));
  pause.pause();
  fixture.run(box->stop());
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("limits: a tree without a control group gets its share of CPU while it has an invocation") {
  sandbox_fixture fixture;
  const auto box = start_limited(fixture, std::string(burn) + " & " + burn, {.cpu_quota = cpu_quota(512)});
  REQUIRE(wait_until([&] { return processes_marked(fixture.mark).size() == 2; }));
  box->enter(activity::invoke);
  const double share = 512.0 / 1769;
  // Other work of the machine may take time from the tree, but can give it none; each try counts for itself.
  double got = 0;
  for (int attempt = 0; attempt < 5 && !(got > 0.97 * share && got < 1.03 * share); ++attempt) {
    got = measure_share(fixture);
  }
  CHECK(got > 0.97 * share);
  CHECK(got < 1.03 * share);
  box->enter(activity::idle);
  CHECK(wait_until([&] { return none_stopped(processes_marked(fixture.mark)); }));
  fixture.run(box->stop());
}

TEST_CASE("limits: what is killed while it is held back ends, and so does a tree that is let go") {
  for (const bool stop : {true, false}) {
    sandbox_fixture fixture;
    auto box = start_limited(fixture, burn, {.cpu_quota = 1ms});
    box->enter(activity::invoke);
    REQUIRE(fixture.run_until([&] { return all_stopped(processes_marked(fixture.mark)); }));
    if (stop) {
      fixture.run(box->stop());
    }
    box.reset();
    CHECK(fixture.run_until([&] { return processes_marked(fixture.mark).empty(); }));
  }
}

TEST_CASE("limits: a frozen tree does nothing until it has work, and hears a SIGTERM") {
  sandbox_fixture fixture;
  const auto box = start_limited(fixture, "trap 'echo heard; exit 3' TERM; sleep 1000 & while :; do wait; done",
                                 {.frozen_when_idle = true});
  REQUIRE(wait_until([&] { return processes_marked(fixture.mark).size() == 2; }));
  const auto processes = processes_marked(fixture.mark);
  box->enter(activity::idle);
  CHECK(wait_until([&] { return all_stopped(processes); }));
  box->enter(activity::invoke);
  CHECK(wait_until([&] { return none_stopped(processes); }));
  box->enter(activity::idle);
  CHECK(wait_until([&] { return all_stopped(processes); }));
  box->terminate();
  REQUIRE(fixture.run_until_exit());
  CHECK(fixture.observer.exit->value == 3);
  CHECK(fixture.observer.output == std::vector<std::string>{"heard"});
  fixture.run(box->stop());
}

}  // namespace kelvin::test
