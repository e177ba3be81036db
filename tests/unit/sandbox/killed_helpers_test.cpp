#include "sandbox_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace kelvin::test {
namespace {

pid_t parent_of(pid_t process) {
  const std::string status = read_file("/proc/" + std::to_string(process) + "/status");
  const std::size_t field = status.find("\nPPid:");
  return field == std::string::npos ? 0 : std::stoi(status.substr(field + 6));
}

}  // namespace

TEST_CASE("a killed keeper: its tree dies with it and its loss is reported once") {
  sandbox_fixture fixture;
  const auto box =
      fixture.start_shell("setsid sleep 1000 & setsid sh -c 'sleep 1000 & exec sleep 1000' & echo up; exec sleep 1000");
  REQUIRE(fixture.run_until([&] { return !fixture.observer.output.empty(); }));
  ::kill(parent_of(box->process_id()), SIGKILL);
  REQUIRE(fixture.run_until_exit());
  CHECK(fixture.observer.exit->lost);
  CHECK(fixture.observer.exit->signaled);
  CHECK(fixture.observer.exit->value == SIGKILL);
  fixture.run(box->stop());
  CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
  CHECK(fixture.observer.exits == 1);

  fixture.observer.exit.reset();
  const auto next = fixture.start("/bin/true");
  REQUIRE(fixture.run_until_exit());
  CHECK_FALSE(fixture.observer.exit->lost);
}

TEST_CASE("a killed parked keeper is not noticed by the next start") {
  sandbox_fixture fixture;
  REQUIRE(fixture.run_until([] { return helpers_below(::getpid(), "kelvin-keeper").size() == 1; }));
  const pid_t parked = helpers_below(::getpid(), "kelvin-keeper").front();
  ::kill(parked, SIGKILL);
  REQUIRE(wait_until([&] { return !is_alive(parked); }));
  const auto box = fixture.start("/bin/true");
  REQUIRE(fixture.run_until_exit());
  CHECK(fixture.observer.exit->value == 0);
  CHECK_FALSE(fixture.observer.exit->lost);
}

TEST_CASE("a killed spawner: running sandboxes go on, the next start works, nothing stays") {
  sandbox_fixture fixture;
  auto box = fixture.start_shell("echo up; setsid sleep 1000 & exec cat /dev/zero > /dev/null");
  REQUIRE(fixture.run_until([&] { return fixture.observer.output.size() == 1; }));
  const auto before = own_children();
  REQUIRE(before.size() == 1);
  ::kill(before.front(), SIGKILL);
  REQUIRE(wait_until([&] { return !is_alive(before.front()); }));
  CHECK(is_alive(box->process_id()));
  CHECK_FALSE(fixture.observer.exit.has_value());

  recording_observer second;
  for (int count = 0; count < 3; ++count) {
    auto started = fixture.run(fixture.factory->start(fixture.specify("/bin/sh", {"-c", "exit 5"}), second));
    REQUIRE(started.has_value());
    REQUIRE(fixture.run_until([&] { return second.exit.has_value(); }));
    CHECK(second.exit->value == 5);
    second.exit.reset();
  }
  REQUIRE(fixture.run_until([&] { return own_children().size() == 1; }));
  CHECK(own_children().front() != before.front());

  SUBCASE("stopped") {
    fixture.run(box->stop());
  }
  SUBCASE("destroyed") {
    box.reset();
  }
  CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
}

TEST_CASE("a spawner killed in an idle kelvin is replaced without a request") {
  sandbox_fixture fixture;
  const auto lived_long_enough = std::chrono::steady_clock::now() + 1100ms;
  REQUIRE(fixture.run_until([&] { return std::chrono::steady_clock::now() > lived_long_enough; }));
  const pid_t before = own_children().front();
  ::kill(before, SIGKILL);
  CHECK(fixture.run_until([&] { return own_children().size() == 1 && own_children().front() != before; }));
}

TEST_CASE("helpers survive the signals of a terminal and of a killed process group") {
  const std::string mark = new_mark();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    ::setpgid(0, 0);
    sandbox_fixture fixture;
    fixture.mark = mark;
    const auto box = fixture.start_shell("setsid sleep 1000 & echo up; exec sleep 1000");
    const bool up = fixture.run_until([&] { return !fixture.observer.output.empty(); });
    std::vector<pid_t> helpers = own_children();
    for (const pid_t keeper : helpers_below(::getpid(), "kelvin-keeper")) {
      helpers.push_back(keeper);
    }
    for (const pid_t helper : helpers) {
      for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGALRM, SIGUSR1}) {
        ::kill(helper, number);
      }
    }
    if (up && ::write(ready[1], "x", 1) == 1) {
      ::pause();
    }
    ::_exit(1);
  }
  ::close(ready[1]);
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::close(ready[0]);
  CHECK(wait_until([&] { return processes_marked(mark).size() == 2; }));
  ::kill(-owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  CHECK(wait_until([&] { return processes_marked(mark).empty(); }));
}

}  // namespace kelvin::test
