#include "emulator/terminal/status_lines.hpp"

#include "emulator/terminal/key_action.hpp"
#include "emulator/terminal/terminal_text.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace std::chrono_literals;
using build_state = function_build::state;

namespace {

const steady_time now{1h};

function_status ready(const std::string& name) {
  function_status status;
  status.name = name;
  status.serving = {3, 20'900us, 300};
  return status;
}

function_status building(const std::string& name, duration since) {
  function_status status = ready(name);
  status.build = {build_state::running, "cmake --build build", now - since, {}, {}};
  return status;
}

function_status starting(const std::string& name, duration since) {
  function_status status = ready(name);
  status.trial_began = now - since;
  return status;
}

function_status failed(const std::string& name, const std::string& problem) {
  function_status status = ready(name);
  status.problem = problem;
  return status;
}

std::vector<const function_status*> pointers(const std::vector<function_status>& all) {
  std::vector<const function_status*> made;
  for (const function_status& each : all) {
    made.push_back(&each);
  }
  return made;
}

std::vector<std::string> texts(const std::vector<function_status>& all, screen_size size = {},
                               status_style style = {}) {
  std::vector<std::string> made;
  for (const screen_line& each : status_lines(pointers(all), now, size, style)) {
    CHECK(each.columns < std::max<std::size_t>(size.columns, 2));
    if (!style.colour) {
      CHECK(each.columns == columns_of(each.text));
    }
    made.push_back(each.text);
  }
  return made;
}

std::string only(const function_status& status) {
  const auto lines = texts({status});
  REQUIRE(lines.size() == 1);
  return lines.front();
}

}  // namespace

TEST_CASE("A ready function: its version, init time and size, against the version before") {
  function_status status = ready("hello");
  CHECK(only(status) == "hello  ready  version 3  init 20.9 ms, bootstrap 0.3 KB");
  status.before = served_version{2, 17'400us, 200};
  CHECK(only(status) == "hello  ready  version 3  init 20.9 ms (+3.5 ms), bootstrap 0.3 KB (+0.1 KB)");
  status.build.is = build_state::good;
  CHECK(only(status).starts_with("hello  ready  version 3  init"));
}

TEST_CASE("A function of which no version is known yet has its name and state only") {
  function_status status;
  status.name = "hello";
  CHECK(only(status) == "hello  ready");
}

TEST_CASE("A function that builds: for how long, and by which command") {
  CHECK(only(building("hello", 12'900ms)) == "hello  building 12 s  version 3  cmake --build build");
  CHECK(only(building("hello", -1s)) == "hello  building 0 s  version 3  cmake --build build");
  function_status status = building("hello", 0s);
  status.build.is = build_state::waiting;
  status.build.began.reset();
  CHECK(only(status) == "hello  building soon  version 3  cmake --build build");
}

TEST_CASE("A function that starts: after a second for how long") {
  CHECK(only(starting("hello", 999ms)) == "hello  starting  version 3  init 20.9 ms, bootstrap 0.3 KB");
  CHECK(only(starting("hello", 1s)) == "hello  starting 1 s  version 3  init 20.9 ms, bootstrap 0.3 KB");
}

TEST_CASE("A function whose newer code does not serve: why, in one line") {
  CHECK(only(failed("hello", "version 4 failed in its init")) ==
        "hello  failed  version 3  version 4 failed in its init");
  CHECK(only(failed("hello", "one\ntwo \x1b[2J")) == "hello  failed  version 3  one");
  function_status status = failed("hello", "the old trouble");
  status.build.is = build_state::failed;
  CHECK(only(status) == "hello  failed  version 3  the old trouble");
  status.build.sentence = "make: *** [all] Error 1";
  CHECK(only(status) == "hello  failed  version 3  make: *** [all] Error 1");
}

TEST_CASE("Lines of several functions stand in columns") {
  CHECK(texts({building("a", 3s), failed("longer", "no"), ready("b")}) ==
        std::vector<std::string>{"a       building 3 s  version 3  cmake --build build",
                                 "longer  failed        version 3  no",
                                 "b       ready         version 3  init 20.9 ms, bootstrap 0.3 KB"});
  function_status new_one = failed("new", "no code yet");
  new_one.serving = {};
  CHECK(texts({ready("a"), new_one}) ==
        std::vector<std::string>{"a    ready   version 3  init 20.9 ms, bootstrap 0.3 KB",
                                 "new  failed             no code yet"});
}

TEST_CASE("No functions, no lines; no long name takes the whole line") {
  CHECK(texts({}, {}, {.colour = true, .keys = true}).empty());
  const std::string line = only(ready(std::string(64, 'n')));
  CHECK(line.starts_with(std::string(31, 'n') + "…  ready  version 3"));
}

TEST_CASE("Lines end a column before the screen, whatever its width") {
  const std::vector<function_status> all = {building("a", 3s), failed("b", "Grüße aus 東京: nothing works any more"),
                                            ready("c")};
  for (std::size_t columns = 0; columns < 100; ++columns) {
    CAPTURE(columns);
    for (const bool colour : {false, true}) {
      CHECK(texts(all, {columns, 24}, {colour, true}).size() == 4);
    }
  }
  CHECK(texts({ready("hello")}, {23, 24}, {}).front() == "hello  ready  version…");
}

TEST_CASE("Where there is no room for all, a line says what is left out; rows are left to the log") {
  std::vector<function_status> all;
  for (int number = 0; number < 10; ++number) {
    all.push_back(ready("f" + std::to_string(number)));
  }
  all.push_back(building("g0", 3s));
  all.push_back(failed("g1", "no"));
  all.push_back(starting("g2", 0s));
  for (std::size_t rows = 0; rows < 20; ++rows) {
    for (const bool keys : {false, true}) {
      CAPTURE(rows);
      CAPTURE(keys);
      const auto lines = texts(all, {80, rows}, {.colour = false, .keys = keys});
      const std::size_t others = keys ? 4 : 3;
      CHECK(lines.size() - (keys ? 1 : 0) == std::min<std::size_t>(rows > others ? rows - others : 1, all.size()));
      const std::string& last = lines[lines.size() - (keys ? 2 : 1)];
      CHECK(last.starts_with("… and ") == (rows < all.size() + others));
      CHECK((lines.back() == key_line()) == keys);
    }
  }
  CHECK(texts(all, {80, 8}, {}).back() == "… and 9 more (1 building, 1 starting, 1 failed)");
  all.resize(10);
  CHECK(texts(all, {80, 8}, {}).back() == "… and 6 more");
}

TEST_CASE("Each state has its colour where colour is wanted, and columns count none of it") {
  const auto lines = status_lines(pointers({ready("a"), building("b", 3s), starting("c", 0s), failed("d", "no")}), now,
                                  {}, {.colour = true, .keys = true});
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].text.find("\x1b[32mready\x1b[0m  ") != std::string::npos);
  CHECK(lines[1].text.find("\x1b[36mbuilding 3 s\x1b[0m") != std::string::npos);
  CHECK(lines[2].text.find("\x1b[33mstarting\x1b[0m") != std::string::npos);
  CHECK(lines[3].text.find("\x1b[31mfailed\x1b[0m") != std::string::npos);
  CHECK(lines[4].text == "\x1b[2m" + std::string(key_line()) + "\x1b[0m");
  CHECK(lines[4].columns == key_line().size());
  const auto plain = status_lines(pointers({ready("a")}), now, {}, {});
  const auto coloured = status_lines(pointers({ready("a")}), now, {}, {.colour = true});
  CHECK(plain[0].columns == coloured[0].columns);
}

TEST_CASE("Time shows while something builds or starts") {
  CHECK_FALSE(shows_time({}));
  CHECK_FALSE(shows_time(pointers({ready("a"), failed("b", "no")})));
  CHECK(shows_time(pointers({ready("a"), building("b", 0s)})));
  CHECK(shows_time(pointers({starting("a", 0s)})));
  function_status waits = building("a", 0s);
  waits.build.is = build_state::waiting;
  waits.build.began.reset();
  CHECK_FALSE(shows_time(pointers({waits})));
}
