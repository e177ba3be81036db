#include "sandbox_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace kelvin::test {
namespace {

using lines = std::vector<std::string>;

/// A process of its own session whose parent is gone, besides the first process.
constexpr auto with_runaway = "setsid sh -c 'sleep 1000 & echo away; exec sleep 1000' & wait $!; exec sleep 1000";

bool started_runaway(sandbox_fixture& fixture) {
  return fixture.run_until([&] { return !fixture.observer.output.empty(); });
}

}  // namespace

TEST_CASE("stop: kills the whole tree, runaways included, before it returns") {
  sandbox_fixture fixture;
  const auto box =
      fixture.start_shell("setsid setsid sh -c 'sleep 1000 & echo away; exec sleep 1000' & exec sleep 1000");
  REQUIRE(started_runaway(fixture));
  CHECK(wait_until([&] { return processes_marked(fixture.mark).size() >= 3; }));
  fixture.run(box->stop());
  CHECK(processes_marked(fixture.mark).empty());
  CHECK(fixture.observer.exits == 1);
  CHECK(fixture.observer.exit->value == SIGKILL);
}

TEST_CASE("stop: kills what the first process left behind") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("setsid sh -c 'echo away; exec sleep 1000' & exit 0");
  REQUIRE(started_runaway(fixture));
  REQUIRE(fixture.run_until_exit());
  CHECK(wait_until([&] { return processes_marked(fixture.mark).size() == 1; }));
  fixture.run(box->stop());
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("stop: again, and after everything has ended") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("exit 0");
  REQUIRE(fixture.run_until_exit());
  fixture.run(box->stop());
  fixture.run(box->stop());
  box->drain_output();
  box->terminate();
  CHECK(fixture.observer.exits == 1);
}

TEST_CASE("stop: SIGTERM ignored") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("trap 'echo got it' TERM; echo ready; while :; do sleep 0.01; done");
  REQUIRE(started_runaway(fixture));
  box->terminate();
  REQUIRE(fixture.run_until([&] { return fixture.observer.output.size() >= 2; }));
  CHECK(fixture.observer.output[1] == "got it");
  CHECK_FALSE(fixture.observer.exit.has_value());
  fixture.run(box->stop());
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("stop: a stopped process") {
  sandbox_fixture fixture;
  const auto box = fixture.start_shell("echo ready; kill -STOP $$");
  REQUIRE(started_runaway(fixture));
  fixture.run(box->stop());
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("stop: fork bombs lose") {
  sandbox_fixture fixture;
  const temporary_folder folder;
  std::string program;
  std::vector<std::string> arguments;
  SUBCASE("a tree of sessions") {
    program = folder.write("bomb",
                           "#!/bin/sh\n[ $1 -le 0 ] && exec sleep 1000\n"
                           "setsid $0 $(($1-1)) &\nsetsid $0 $(($1-1)) &\necho up\nwait\n",
                           0755);
    arguments = {"7"};
  }
  SUBCASE("one that replaces its children") {
    program = folder.write("bomb",
                           "#!/bin/sh\necho up\ni=0\nwhile [ $i -lt 20000 ]; do i=$((i+1));\n"
                           "setsid sleep 1000 & a=$!; setsid sleep 1000 & kill -9 $a $!; wait; done\n",
                           0755);
  }
  SUBCASE("one that moves on to a new process all the time") {
    program = folder.write("bomb", "#!/bin/sh\necho up\n[ $1 -gt 0 ] && setsid $0 $(($1-1)) &\n", 0755);
    arguments = {"20000"};
  }
  const auto box = fixture.start(program, arguments);
  REQUIRE(fixture.run_until([&] { return fixture.observer.output.size() >= 1; }));
  fixture.run(box->stop());
  CHECK(processes_marked(fixture.mark).empty());
}

TEST_CASE("destroying a sandbox kills its tree without waiting") {
  sandbox_fixture fixture;
  auto box = fixture.start_shell(with_runaway);
  REQUIRE(started_runaway(fixture));
  box.reset();
  CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
  fixture.context.poll();
  CHECK(fixture.observer.exits == 0);
}

TEST_CASE("destroying a start that waits kills what it started") {
  sandbox_fixture fixture;
  {
    boost::asio::io_context context(1);
    auto forked = spawner::fork_early();
    REQUIRE(forked.has_value());
    posix_sandbox_factory factory(context, std::move(*forked));
    boost::asio::co_spawn(context, factory.start(fixture.specify("/bin/sleep", {"1000"}), fixture.observer),
                          [](std::exception_ptr, result<std::unique_ptr<sandbox>>) {});
    context.run_one();
    REQUIRE(wait_until([&] { return processes_marked(fixture.mark).size() == 1; }));
  }
  CHECK(wait_until([&] { return processes_marked(fixture.mark).empty(); }));
}

TEST_CASE("kill -9 of the owner ends all that it started, its helpers and its scratch folder") {
  const temporary_folder folder;
  const std::string scratch = folder / "scratch";
  const std::string mark = new_mark();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    ::close(ready[0]);
    sandbox_fixture fixture(scratch);
    fixture.mark = mark;
    std::filesystem::create_directories(scratch + "/deep/code");
    std::filesystem::permissions(scratch + "/deep/code", std::filesystem::perms::owner_read);
    const auto box = fixture.start_shell(with_runaway);
    const bool up = started_runaway(fixture);
    std::vector<pid_t> helpers = helpers_below(::getpid(), "kelvin-keeper");
    for (const pid_t spawner : helpers_below(::getpid(), "kelvin-spawner")) {
      helpers.push_back(spawner);
    }
    helpers.resize(8);
    if (up && ::write(ready[1], helpers.data(), 8 * sizeof(pid_t)) == 8 * sizeof(pid_t)) {
      ::pause();
    }
    ::_exit(1);
  }
  ::close(ready[1]);
  std::vector<pid_t> helpers(8);
  REQUIRE(::read(ready[0], helpers.data(), 8 * sizeof(pid_t)) == 8 * sizeof(pid_t));
  ::close(ready[0]);
  std::erase(helpers, 0);
  CHECK(helpers.size() >= 2);
  CHECK(wait_until([&] { return processes_marked(mark).size() >= 3; }));
  CHECK(std::filesystem::exists(scratch));
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  CHECK(wait_until([&] { return processes_marked(mark).empty(); }));
  CHECK(wait_until([&] { return !std::filesystem::exists(scratch); }));
  for (const pid_t helper : helpers) {
    CHECK(wait_until([&] { return !is_alive(helper); }));
  }
}

}  // namespace kelvin::test
