#include "emulator/builder/build_run.hpp"

#include "emulator/builder/recognise_build.hpp"
#include "emulator/builder/source_filter.hpp"
#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/system_clock.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/unit/sandbox/sandbox_fixture.hpp"

#include <csignal>

namespace kelvin::test {
namespace {

struct build_run_fixture : sandbox_fixture {
  system_clock time{context};
  temporary_folder folder;
  std::vector<std::string> lines;
  build_run one{context, time, *factory};

  build_command command(std::string script, duration limit = patience) {
    return {std::move(script), folder.path(), {{"MARK", mark}}, limit};
  }
  auto start(build_command wanted) {
    return one.run(std::move(wanted), [this](std::string_view line) { lines.emplace_back(line); });
  }
  result<build_outcome> run_build(build_command wanted) { return run(start(std::move(wanted))); }

  /// Calls `once` when the build has written its first line.
  result<build_outcome> run_and(build_command wanted, const std::function<void()>& once) {
    return run(one.run(std::move(wanted), [this, once](std::string_view line) {
      lines.emplace_back(line);
      if (lines.size() == 1) {
        once();
      }
    }));
  }
};

using lines_of = std::vector<std::string>;

}  // namespace

TEST_CASE("build run: lines of both outputs in their order, in its folder, with the user's variables and its own") {
  build_run_fixture here;
  build_command wanted = here.command("cat; pwd; echo error >&2; echo \"$HOME $KIND\"; printf last");
  wanted.variables.emplace_back("KIND", "own");
  const auto ran = here.run_build(std::move(wanted));
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::good);
  CHECK(here.lines == lines_of{here.folder.path(), "error", std::string(std::getenv("HOME")) + " own", "last"});
  CHECK(ran->last_lines == here.lines);
  CHECK(contains(ran->sentence, "built in"));
}

TEST_CASE("build run: a failure names its command, folder and status, and keeps the last lines") {
  build_run_fixture here;
  const auto ran = here.run_build(here.command("seq 100; head -c 5000 /dev/zero | tr '\\0' x; exit 3"));
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::failed);
  CHECK(ran->status.value == 3);
  CHECK(here.lines.size() == 101);
  REQUIRE(ran->last_lines.size() == limits::build_last_lines);
  CHECK(ran->last_lines.front() == "82");
  CHECK(ran->last_lines.back() == std::string(limits::build_last_line_bytes, 'x'));
  CHECK(contains(ran->sentence, "exit 3` in " + here.folder.path()));
  CHECK(contains(ran->sentence, "exit status 3"));
}

TEST_CASE("build run: a line without an end comes in pieces") {
  build_run_fixture here;
  const auto ran = here.run_build(here.command("head -c 600000 /dev/zero"));
  REQUIRE(succeeds(ran));
  REQUIRE(here.lines.size() == 3);
  CHECK(here.lines[0].size() == limits::log_line_bytes);
}

TEST_CASE("build run: a command that is not there or cannot be run is told with what to do") {
  {
    build_run_fixture here;
    const auto ran = here.run_build(here.command("no-such-compiler --all"));
    REQUIRE(succeeds(ran));
    CHECK(ran->ending == build_ending::failed);
    CHECK(ran->status.value == 127);
    CHECK(contains(ran->sentence, "install it"));
    CHECK(contains(ran->sentence, "--build CMD"));
  }
  build_run_fixture here;
  here.folder.write("plain", "");
  const auto ran = here.run_build(here.command("./plain"));
  REQUIRE(succeeds(ran));
  CHECK(ran->status.value == 126);
  CHECK(contains(ran->sentence, "chmod +x"));
}

TEST_CASE("build run: a folder that is not there is a failure of its own") {
  build_run_fixture here;
  build_command wanted = here.command("true");
  wanted.folder = here.folder / "none";
  const auto ran = here.run_build(std::move(wanted));
  REQUIRE(ran.has_error());
  CHECK(contains(ran.error().detail, here.folder / "none"));
}

TEST_CASE("build run: cancelled, it ends with all it started, and make has time to tidy up") {
  build_run_fixture here;
  here.folder.write("Makefile", "artifact:\n\techo half > $@; echo begun; sleep 1000; echo whole > $@\n");
  const auto ran = here.run_and(here.command("setsid sleep 1000 & make -s; echo made"), [&] { here.one.cancel(); });
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::cancelled);
  CHECK(here.lines.front() == "begun");
  CHECK_FALSE(std::filesystem::exists(here.folder / "artifact"));
  CHECK(processes_marked(here.mark).empty());
  here.one.cancel();
}

TEST_CASE("build run: cancelled, what ignores SIGTERM is killed") {
  build_run_fixture here;
  const auto ran = here.run_and(here.command("trap '' TERM; echo begun; while :; do sleep 0.01; done"), [&] {
    here.one.cancel();
    here.one.cancel();
  });
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::cancelled);
  CHECK(ran->status.signaled);
  CHECK(ran->status.value == SIGKILL);
  CHECK(processes_marked(here.mark).empty());
}

TEST_CASE("build run: cancelled before it starts") {
  build_run_fixture here;
  here.one.cancel();
  const auto ran = here.run_build(here.command("sleep 1000"));
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::cancelled);
  CHECK(processes_marked(here.mark).empty());
}

TEST_CASE("build run: one that hangs is ended at its limit") {
  build_run_fixture here;
  const auto ran = here.run_build(here.command("echo begun; sleep 1000 & sleep 1000", 200ms));
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::timed_out);
  CHECK(contains(ran->sentence, "still running after 0.2 s"));
  CHECK(processes_marked(here.mark).empty());
}

TEST_CASE("build run: what it leaves behind is killed, and keeps no build from its end") {
  build_run_fixture here;
  const auto ran = here.run_build(here.command("setsid sleep 1000 & echo made"));
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::good);
  CHECK(here.lines == lines_of{"made"});
  CHECK(processes_marked(here.mark).empty());
}

TEST_CASE("build run: all that a command wrote has been delivered when it has ended") {
  build_run_fixture here;
  const auto ran = here.run_build(here.command("seq 100000"));
  REQUIRE(succeeds(ran));
  CHECK(here.lines.size() == 100000);
  CHECK(here.lines.back() == "100000");
}

TEST_CASE("build run: a project that is recognised is built, and what was made is no source") {
  build_run_fixture here;
  here.folder.write("Makefile", "out/bootstrap: main\n\tmkdir -p out && cp main $@ && touch main.o\n");
  const std::string artifact = here.folder / "out/bootstrap";
  here.folder.write("main", "#!/bin/sh\n", 0755);
  const disk_project_files files{{}};
  build_question asked;
  asked.artifact = artifact;
  const recognised_build found = recognise_build(asked, files);
  REQUIRE(found.kind == build_kind::make);
  const auto ran = here.run_build({found.command, found.folder, found.variables, patience});
  REQUIRE(succeeds(ran));
  CHECK(ran->ending == build_ending::good);
  CHECK(std::filesystem::exists(artifact));
  source_filter filter(files, found.sources.front(), found.outputs);
  CHECK(filter.wanted(here.folder / "main", false));
  CHECK_FALSE(filter.wanted(artifact, false));
  CHECK_FALSE(filter.wanted(here.folder / "main.o", false));
}

TEST_CASE("build run: sentences for signals") {
  const build_command ran{"make", "/p", {}, 30min};
  exit_status status;
  status.signaled = true;
  status.value = SIGSEGV;
  CHECK(build_sentence(ran, build_ending::failed, status, 1500ms) ==
        "`make` in /p: failed after 1.5 s, killed by signal 11 (Segmentation fault)");
  CHECK(build_sentence(ran, build_ending::timed_out, status, 31min) ==
        "`make` in /p: was still running after 1800.0 s and was ended with all it had started");
}

}  // namespace kelvin::test
