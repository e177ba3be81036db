#include "emulator/observability/function_status.hpp"

#include "emulator/observability/status_board.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace std::chrono_literals;
using build_state = function_build::state;

TEST_CASE("The word for a function's code: a build, then a trial, then what is wrong, else ready") {
  for (const build_state is :
       {build_state::none, build_state::waiting, build_state::running, build_state::failed, build_state::good}) {
    for (const bool on_trial : {false, true}) {
      for (const bool has_problem : {false, true}) {
        function_status status;
        status.build.is = is;
        if (on_trial) {
          status.trial_began = steady_time{};
        }
        status.problem = has_problem ? "failed in its init" : "";
        CAPTURE(name_of(is));
        CAPTURE(on_trial);
        CAPTURE(has_problem);
        status_word expected = status_word::ready;
        if (has_problem || is == build_state::failed)
          expected = status_word::failed;
        if (on_trial)
          expected = status_word::starting;
        if (is == build_state::waiting || is == build_state::running)
          expected = status_word::building;
        CHECK(word_of(status) == expected);
      }
    }
  }
}

TEST_CASE("A version is told with what is known of it, against the version before") {
  function_status status;
  CHECK(version_text(status) == "");
  status.serving = {1, 20'900us, 300};
  CHECK(version_text(status) == "init 20.9 ms, bootstrap 0.3 KB");
  status.before = served_version{0, 17'400us, 300};
  CHECK(version_text(status) == "init 20.9 ms (+3.5 ms), bootstrap 0.3 KB (same size)");
  status.serving = {2, 2'413ms, 5'190'000};
  CHECK(version_text(status) == "init 2.41 s (+2.40 s), bootstrap 5.19 MB (+5.19 MB)");
  status.before = served_version{1, 2'500ms, 5'200'000};
  CHECK(version_text(status) == "init 2.41 s (-87.0 ms), bootstrap 5.19 MB (-10.0 KB)");
  status.serving.init.reset();
  CHECK(version_text(status) == "bootstrap 5.19 MB (-10.0 KB)");
}

TEST_CASE("A status board tells its listeners of each change, and forgets") {
  status_board board;
  int told = 0;
  board.listen([&told] { ++told; });
  board.change("b", [](auto& status) { status.problem = "x"; });
  board.change("a", [](auto&) {});
  CHECK(told == 2);
  REQUIRE(board.find("b") != nullptr);
  CHECK(board.find("b")->problem == "x");
  REQUIRE(board.all().size() == 2);
  CHECK(board.all().front()->name == "a");
  board.remove("a");
  board.remove("a");
  CHECK(told == 3);
  CHECK(board.find("a") == nullptr);
}
