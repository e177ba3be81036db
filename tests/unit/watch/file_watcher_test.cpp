#include "tests/support/manual_clock.hpp"
#include "tests/unit/watch/watch_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace kelvin {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::append;
using test::watch_fixture;

TEST_CASE("a file that is written in place, replaced, removed, made again or given a mode is reported") {
  watch_fixture run;
  const std::string file = run.folder.write("bootstrap", "one");
  run.watch({file});
  CHECK(run.is_quiet());

  append(file, "two");
  CHECK(run.hears_of(file));
  std::ofstream(file, std::ios::trunc) << "three";
  CHECK(run.hears_of(file));

  run.folder.write("bootstrap.new", "four");
  CHECK(run.is_quiet());
  fs::rename(run.folder / "bootstrap.new", file);
  CHECK(run.hears_of(file));

  REQUIRE(::chmod(file.c_str(), 0755) == 0);
  CHECK(run.hears_of(file));

  fs::remove(file);
  CHECK(run.hears_of(file));
  run.folder.write("bootstrap", "five");
  CHECK(run.hears_of(file));
  fs::remove(file);
  run.folder.write("bootstrap", "six");
  CHECK(run.hears_of(file));
  append(file, "and it is still watched");
  CHECK(run.hears_of(file));
}

TEST_CASE("reading a file and what happens to its neighbours is not reported") {
  watch_fixture run;
  const std::string file = run.folder.write("bootstrap", "one");
  run.watch({file});
  CHECK(test::read_file(file) == "one");
  run.folder.write("bootstrap2", "other");
  fs::remove(run.folder / "bootstrap2");
  run.folder.make_folder("boot");
  CHECK(run.is_quiet());
}

TEST_CASE("many steps are one report, told when it is quiet and after a second at the latest") {
  test::temporary_folder folder;
  boost::asio::io_context context{1};
  test::manual_clock time;
  test::recording_observer seen;
  auto opened = file_watcher::open(context, time, seen);
  REQUIRE(test::succeeds(opened));
  file_watcher& watcher = **opened;
  const std::string file = folder.write("bootstrap", "");
  REQUIRE(test::succeeds(watcher.watch("a", {{file}, nullptr})));
  const auto step = [&] {
    append(file, "x");
    return test::run_until(context, [&] { return watcher.next_report() >= time.now(); }) && seen.changes.empty();
  };
  SUBCASE("quiet") {
    for (int count = 0; count < 10; ++count) {
      CHECK(step());
      CHECK(watcher.next_report() == time.now() + limits::watch_quiet);
      time.advance(limits::watch_quiet - 1ms);
      CHECK(seen.changes.empty());
    }
    time.advance(1ms);
  }
  SUBCASE("never quiet") {
    const steady_time start = time.now();
    for (; time.now() < start + 980ms; time.advance(20ms)) {
      CHECK(step());
    }
    CHECK(step());
    CHECK(watcher.next_report() == start + limits::watch_quiet_longest);
    time.advance(20ms);
  }
  REQUIRE(seen.changes.size() == 1);
  CHECK(seen.changes[0].first == "a");
  CHECK(seen.changes[0].second.paths == std::vector<std::string>{file});
  CHECK_FALSE(seen.changes[0].second.everything);
  CHECK_FALSE(watcher.next_report().has_value());
  CHECK(time.armed() == 0);
}

TEST_CASE("events that wait to be read when a report is due put it off") {
  test::temporary_folder folder;
  boost::asio::io_context context{1};
  test::manual_clock time;
  test::recording_observer seen;
  auto opened = file_watcher::open(context, time, seen);
  REQUIRE(test::succeeds(opened));
  const std::string file = folder.write("bootstrap", "");
  REQUIRE(test::succeeds((*opened)->watch("a", {{file}, nullptr})));
  append(file, "x");
  REQUIRE(test::run_until(context, [&] { return (*opened)->next_report().has_value(); }));
  append(file, "y");
  time.advance(limits::watch_quiet);
  CHECK(seen.changes.empty());
  CHECK((*opened)->next_report() == time.now() + limits::watch_quiet);
  time.advance(limits::watch_quiet);
  CHECK(seen.changes.size() == 1);
}

TEST_CASE("of a link both the link and what it leads to are watched") {
  watch_fixture run;
  const std::string one = run.folder.write("builds/1/bootstrap", "one");
  const std::string two = run.folder.write("builds/2/bootstrap", "two");
  const std::string link = run.folder / "bootstrap";
  fs::create_symlink("builds/1/bootstrap", link);
  run.watch({link});

  append(one, "more");
  CHECK(run.hears_of(link));
  append(two, "more");
  CHECK(run.is_quiet());

  // As `ln -sfn` does: a new link takes the old one's place.
  fs::create_symlink("builds/2/bootstrap", run.folder / "next");
  fs::rename(run.folder / "next", link);
  CHECK(run.hears_of(link));
  append(two, "more");
  CHECK(run.hears_of(link));
  append(one, "more");
  CHECK(run.is_quiet());
}

TEST_CASE("a link on the way to a file may be swapped") {
  watch_fixture run;
  run.folder.write("releases/1/bin/bootstrap", "one");
  const std::string two = run.folder.write("releases/2/bin/bootstrap", "two");
  fs::create_directory_symlink(run.folder / "releases/1", run.folder / "current");
  const std::string file = run.folder / "current/bin/../bin/bootstrap";
  run.watch({file});
  fs::remove(run.folder / "current");
  fs::create_directory_symlink(run.folder / "releases/2", run.folder / "current");
  CHECK(run.hears_of(file));
  append(two, "more");
  CHECK(run.hears_of(file));
}

TEST_CASE("links that lead to themselves are waited for like files that are not there") {
  watch_fixture run;
  const std::string link = run.folder / "bootstrap";
  fs::create_symlink("bootstrap", link);
  run.watch({link});
  fs::remove(link);
  run.folder.write("bootstrap", "one");
  CHECK(run.hears_of(link));
  append(link, "more");
  CHECK(run.hears_of(link));
}

TEST_CASE("folders on the way to a file may go and come") {
  watch_fixture run;
  const std::string file = run.folder / "target/release/deep/bootstrap";
  run.watch({file});
  SUBCASE("they come one by one") {
    for (const char* name : {"target", "target/release", "target/release/deep"}) {
      run.folder.make_folder(name);
      CHECK(run.hears_of(file));
    }
  }
  SUBCASE("they come at once") {
    run.folder.make_folder("target/release/deep");
  }
  SUBCASE("they are moved there") {
    run.folder.make_folder("other/release/deep");
    fs::rename(run.folder / "other", run.folder / "target");
    CHECK(run.hears_of(file));
  }
  run.folder.write("target/release/deep/bootstrap", "one");
  CHECK(run.hears_of(file));

  fs::remove_all(run.folder / "target");
  CHECK(run.hears_of(file));
  run.folder.write("target/release/deep/bootstrap", "two");
  CHECK(run.hears_of(file));

  // An ancestor is moved away, and another one put there.
  fs::rename(run.folder / "target", run.folder / "away");
  CHECK(run.hears_of(file));
  append(run.folder / "away/release/deep/bootstrap", "more");
  CHECK(run.is_quiet());
  run.folder.write("target/release/deep/bootstrap", "three");
  CHECK(run.hears_of(file));
}

TEST_CASE("a relative path is named as it was given") {
  watch_fixture run;
  const std::string file = fs::relative(run.folder.write("bootstrap", "one")).string();
  run.watch({file});
  append(file, "two");
  CHECK(run.hears_of(file));
}

TEST_CASE("a set replaces the one of its name, and ends with unwatch") {
  watch_fixture run;
  const std::string one = run.folder.write("1/a", "");
  const std::string two = run.folder.write("2/a", "");
  run.watch({one});
  const std::size_t watches = run.watcher->size();
  append(one, "x");
  REQUIRE(test::run_until(run.context, [&] { return run.watcher->next_report().has_value(); }));
  // What was seen before the set was replaced is still told.
  run.watch({two});
  CHECK(run.watcher->size() == watches);
  CHECK(run.hears_of(one));
  append(one, "x");
  CHECK(run.is_quiet());
  append(two, "x");
  CHECK(run.hears_of(two));

  REQUIRE(test::succeeds(run.watcher->watch("other", {{two}, nullptr})));
  append(two, "x");
  CHECK(test::run_until(run.context, [&] { return run.seen.named("set", two) && run.seen.named("other", two); }));
  run.seen.changes.clear();
  run.watcher->unwatch("set");
  run.watcher->unwatch("set");
  append(two, "x");
  CHECK(test::run_until(run.context, [&] { return run.seen.named("other", two); }));
  CHECK_FALSE(run.seen.named("set", two));
  run.seen.changes.clear();
  run.watcher->unwatch("other");
  CHECK(run.watcher->size() == 0);
  append(two, "x");
  CHECK(run.is_quiet());
}

TEST_CASE("a report may change what is watched") {
  test::temporary_folder folder;
  boost::asio::io_context context{1};
  system_clock time{context};
  struct replacing final : file_watch_observer {
    void on_changed(const std::string& set, const file_change&) override {
      told.push_back(set);
      watcher->unwatch("a");
      watcher->unwatch("b");
      CHECK(test::succeeds(watcher->watch("c", {{next}, nullptr})));
    }
    void on_watch_failure(const std::string&, const failure&) override {}
    file_watcher* watcher = nullptr;
    std::string next;
    std::vector<std::string> told;
  } seen;
  auto opened = file_watcher::open(context, time, seen);
  REQUIRE(test::succeeds(opened));
  const std::string file = folder.write("a", "");
  seen.watcher = opened->get();
  seen.next = folder.write("c", "");
  REQUIRE(test::succeeds(seen.watcher->watch("a", {{file}, nullptr})));
  REQUIRE(test::succeeds(seen.watcher->watch("b", {{file}, nullptr})));
  append(file, "x");
  // Both are due at once; the first one's report ends the second.
  CHECK(test::run_until(context, [&] { return !seen.told.empty(); }));
  append(seen.next, "x");
  CHECK(test::run_until(context, [&] { return seen.told.size() > 1; }));
  CHECK(seen.told == std::vector<std::string>{"a", "c"});
}

TEST_CASE("a watcher may end while events wait for it") {
  watch_fixture run;
  const std::string file = run.folder.write("bootstrap", "one");
  run.watch({file});
  append(file, "two");
  run.watcher.reset();
  run.context.restart();
  run.context.poll();
  CHECK(run.seen.changes.empty());
}

}  // namespace
}  // namespace kelvin
