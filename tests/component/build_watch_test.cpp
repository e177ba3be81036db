#include "emulator/app/build_watch.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/sandbox/sandbox_fixture.hpp"

#include <algorithm>
#include <utility>

namespace kelvin::test {
namespace {

using state = function_build::state;

struct build_watch_fixture : sandbox_fixture {
  manual_clock time;
  temporary_folder folder;
  status_board board;
  std::vector<std::string> told;
  std::vector<bool> built;
  std::unique_ptr<build_watch> builds;

  /// What waited for a build that is destroyed goes with the loop's next turn, and has alarms of this clock.
  ~build_watch_fixture() {
    builds.reset();
    context.restart();
    context.poll();
  }
  planned_build plan_of(const std::string& command, const std::string& name = "f") {
    planned_build plan;
    plan.name = name;
    plan.how = given_build(command, folder.path(), folder / "out");
    plan.how.variables = {{"MARK", mark}};
    plan.how.outputs = {folder / "out", folder / "made"};
    plan.functions = {{name, folder / "out/bootstrap"}};
    return plan;
  }
  void begin(const std::string& command, bool serves = true) {
    build_services with{context, time, *factory, board,
                        [this](notice_level, std::string_view text) { told.emplace_back(text); }};
    with.serves = serves;
    auto begun = build_watch::begin(std::move(with), {plan_of(command)},
                                    [this](const auto&, bool good) { built.push_back(good); });
    REQUIRE(succeeds(begun));
    builds = std::move(*begun);
  }
  const function_build& status() { return board.find("f")->build; }
  bool was_told(const std::string& part) const {
    return std::any_of(told.begin(), told.end(),
                       [&](const std::string& each) { return each.find(part) != std::string::npos; });
  }
  bool run_until_told(const std::string& part) {
    return run_until([&] { return was_told(part); });
  }
  bool run_until_built(std::size_t count) {
    return run_until([&] { return built.size() == count; });
  }
  /// Lets the loop take in what has changed, then has it be quiet for long enough.
  bool change(const std::string& name) {
    const std::size_t alarms = time.armed();
    folder.write(name, std::to_string(++changes));
    const bool seen = run_until([&] { return time.armed() > alarms; });
    time.advance(limits::watch_quiet);
    return seen;
  }
  void end() {
    builds->stop();
    run(builds->ended());
  }
  int changes = 0;
};

}  // namespace

TEST_CASE("build watch: a change of sources builds, and the board says how it went") {
  build_watch_fixture here;
  here.begin("cat main.c; ! grep -q 2 main.c");
  CHECK(here.was_told("built by `"));
  CHECK(here.status().is == state::none);
  REQUIRE(here.change("main.c"));
  CHECK(here.status().is == state::running);
  CHECK(here.status().began == here.time.now());
  REQUIRE(here.run_until_built(1));
  CHECK(here.status().is == state::good);
  CHECK_FALSE(here.status().began);
  CHECK(here.was_told("build of f: 1"));
  CHECK(here.was_told("out/bootstrap is still not there"));
  REQUIRE(here.change("main.c"));
  REQUIRE(here.run_until_built(2));
  CHECK(here.built == std::vector<bool>{true, false});
  CHECK(here.status().is == state::failed);
  CHECK(here.status().last_lines == std::vector<std::string>{"2"});
  CHECK(contains(here.status().sentence, "exit status 1"));
  CHECK(here.was_told("; the code as it was at the start serves on"));
}

TEST_CASE("build watch: where nothing serves yet a failure says what comes next") {
  build_watch_fixture here;
  here.begin("false", false);
  here.builds->build_what_is_old();
  REQUIRE(here.run_until_built(1));
  CHECK(here.was_told("; it is built again when its sources change"));
}

TEST_CASE("build watch: a function is built on demand, and one that nobody builds is not") {
  build_watch_fixture here;
  here.begin("sleep 0.01");
  CHECK_FALSE(here.builds->rebuild("g"));
  CHECK(here.builds->rebuild("f"));
  CHECK(here.builds->is_busy());
  REQUIRE(here.run_until_built(1));
  CHECK_FALSE(here.builds->is_busy());
}

TEST_CASE("build watch: a long build says so, and one that hangs is ended at its limit") {
  build_watch_fixture here;
  here.begin("echo begun; sleep 600");
  here.builds->rebuild("f");
  REQUIRE(here.run_until_told("build of f: begun"));
  here.time.advance(10s);
  CHECK(here.was_told("has been running for 10 s"));
  here.time.advance(10s);
  CHECK(here.was_told("has been running for 20 s"));
  here.time.advance(limits::build_time);
  REQUIRE(here.run_until_built(1));
  CHECK(here.status().is == state::failed);
  CHECK(contains(here.status().sentence, "was still running after 1800.0 s"));
  CHECK(processes_marked(here.mark).empty());
  CHECK(here.time.armed() == 0);
}

TEST_CASE("build watch: stopped, it ends what runs and starts nothing more") {
  build_watch_fixture here;
  here.begin("echo begun; sleep 600");
  here.builds->rebuild("f");
  REQUIRE(here.run_until_told("build of f: begun"));
  REQUIRE_FALSE(processes_marked(here.mark).empty());
  here.end();
  CHECK(processes_marked(here.mark).empty());
  CHECK(here.status().is == state::none);
  CHECK(here.built.empty());
  here.builds->rebuild("f");
  CHECK_FALSE(here.builds->is_busy());
}

TEST_CASE("build watch: destroyed while a build runs, it leaves no process") {
  build_watch_fixture here;
  here.begin("echo begun; sleep 600");
  here.builds->rebuild("f");
  REQUIRE(here.run_until_told("build of f: begun"));
  here.builds.reset();
  CHECK(here.run_until([&] { return processes_marked(here.mark).empty(); }));
}

TEST_CASE("build watch: a build that changes its own sources again and again is postponed") {
  build_watch_fixture here;
  here.begin("true");
  for (unsigned at = 0; at <= limits::build_restarts; ++at) {
    REQUIRE(here.change("generated.h"));
    REQUIRE(here.run_until_built(at + 1));
  }
  CHECK_FALSE(here.was_told("again and again"));
  REQUIRE(here.change("generated.h"));
  CHECK(here.was_told("generated.h for one; if the build itself writes that, add it to .gitignore"));
  CHECK_FALSE(here.builds->is_busy());
  here.time.advance(10s);
  REQUIRE(here.run_until_built(limits::build_restarts + 2));
  // A change long after it is one like any other.
  here.time.advance(2s);
  REQUIRE(here.change("main.c"));
  REQUIRE(here.run_until_built(limits::build_restarts + 3));
}

TEST_CASE("build watch: a changed .gitignore is read anew, and what it lets in is built") {
  build_watch_fixture here;
  here.folder.write(".gitignore", "/notes/\n");
  here.folder.make_folder("notes");
  here.begin("true");
  here.folder.write("notes/a", "");
  REQUIRE(here.change(".gitignore"));
  REQUIRE(here.run_until_built(1));
  REQUIRE(here.change("notes/a"));
  REQUIRE(here.run_until_built(2));
}

TEST_CASE("build watch: other builds are taken on while it goes on, and those that are gone are ended") {
  build_watch_fixture here;
  here.begin("echo begun; sleep 600");
  here.builds->rebuild("f");
  REQUIRE(here.run_until_told("build of f: begun"));

  SUBCASE("one that is still there runs on, for the functions that it has now") {
    planned_build both = here.plan_of("echo begun; sleep 600", "f, g");
    both.functions = {{"f", here.folder / "out/bootstrap"}, {"g", here.folder / "out/g"}};
    here.builds->update({both});
    CHECK(here.builds->is_busy());
    CHECK_FALSE(processes_marked(here.mark).empty());
    CHECK(here.board.find("g")->build.command == "echo begun; sleep 600");
    CHECK(here.builds->rebuild("g"));
    REQUIRE(here.run_until_told("build of f, g: begun"));
  }
  SUBCASE("one that is gone is ended, and its function does not come back to the board") {
    here.board.remove("f");
    here.builds->update({here.plan_of("echo other", "g")});
    CHECK_FALSE(here.builds->rebuild("f"));
    REQUIRE(here.run_until([&] { return !here.builds->is_busy(); }));
    CHECK(processes_marked(here.mark).empty());
    CHECK(here.board.find("f") == nullptr);
    REQUIRE(here.change("main.c"));
    REQUIRE(here.run_until_told("build of g: other"));
  }
  SUBCASE("one that is gone and does not run") {
    here.builds->update({});
    REQUIRE(here.run_until([&] { return !here.builds->is_busy(); }));
    here.builds->update({here.plan_of("echo other", "f")});
    here.builds->update({});
    CHECK_FALSE(here.builds->rebuild("f"));
  }
  here.end();
}

}  // namespace kelvin::test
