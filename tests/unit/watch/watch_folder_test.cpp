#include "tests/unit/watch/watch_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace kelvin {
namespace {

namespace fs = std::filesystem;
using test::append;
using test::watch_fixture;

TEST_CASE("a folder is watched with all that is below it, and with what is added to it") {
  watch_fixture run;
  run.folder.write("src/a/b/handler.py", "one");
  const std::string root = run.folder / "src";
  run.watch({root});

  append(root + "/a/b/handler.py", "two");
  CHECK(run.hears_of(root + "/a/b/handler.py"));
  REQUIRE(::chmod((root + "/a").c_str(), 0700) == 0);
  CHECK(run.hears_of(root + "/a"));

  // Made in one go: what is below the first folder is found by reading it.
  run.folder.write("src/c/d/e.py", "one");
  CHECK(run.hears_of(root + "/c"));
  append(root + "/c/d/e.py", "two");
  CHECK(run.hears_of(root + "/c/d/e.py"));

  fs::remove_all(root + "/c");
  CHECK(run.hears_of(root + "/c"));
  CHECK(run.is_quiet());
}

TEST_CASE("a folder that is moved within, out of and into a watched one") {
  watch_fixture run;
  run.folder.write("src/a/b/c.py", "one");
  const std::string root = run.folder / "src";
  run.watch({root});
  const std::size_t watches = run.watcher->size();

  fs::rename(root + "/a", root + "/z");
  CHECK(run.hears_of(root + "/z"));
  append(root + "/z/b/c.py", "two");
  CHECK(run.hears_of(root + "/z/b/c.py"));
  CHECK(run.watcher->size() == watches);

  fs::rename(root + "/z", run.folder / "out");
  CHECK(run.hears_of(root + "/z"));
  CHECK(run.watcher->size() == watches - 2);
  append(run.folder / "out/b/c.py", "three");
  CHECK(run.is_quiet());

  fs::rename(run.folder / "out", root + "/back");
  CHECK(run.hears_of(root + "/back"));
  append(root + "/back/b/c.py", "four");
  CHECK(run.hears_of(root + "/back/b/c.py"));
}

TEST_CASE("a watched folder goes and comes") {
  watch_fixture run;
  const std::string root = run.folder / "out/site";
  run.watch({root});
  run.folder.write("out/site/a/b.py", "one");
  CHECK(run.hears_of(root));
  append(root + "/a/b.py", "two");
  CHECK(run.hears_of(root + "/a/b.py"));
  fs::remove_all(run.folder / "out");
  CHECK(run.hears_of(root));
  run.folder.write("out/site/a/b.py", "three");
  CHECK(run.hears_of(root));
  append(root + "/a/b.py", "four");
  CHECK(run.hears_of(root + "/a/b.py"));
}

TEST_CASE("what the caller does not want costs no watch and is not reported") {
  watch_fixture run;
  run.folder.write("src/node_modules/a/b/c.js", "");
  run.folder.write("src/app/index.js", "");
  const std::string root = run.folder / "src";
  run.watch({root}, [](std::string_view path, bool is_folder) {
    return is_folder ? !path.ends_with("/node_modules") : !path.ends_with("~");
  });
  const std::size_t watches = run.watcher->size();
  append(root + "/node_modules/a/b/c.js", "x");
  fs::create_directories(root + "/app/node_modules/d");
  append(root + "/app/index.js~", "x");
  CHECK(run.is_quiet());
  CHECK(run.watcher->size() == watches);
  append(root + "/app/index.js", "x");
  CHECK(run.hears_of(root + "/app/index.js"));
}

TEST_CASE("links in a folder are followed, in circles too") {
  watch_fixture run;
  const std::string library = run.folder.write("library/lib.py", "");
  const std::string program = run.folder.write("build/bootstrap", "");
  run.folder.write("src/a.py", "");
  const std::string root = run.folder / "src";
  fs::create_symlink(program, root + "/bootstrap");
  fs::create_directory_symlink(".", root + "/circle");
  run.watch({root});
  append(program, "x");
  CHECK(run.hears_of(root + "/bootstrap"));

  // A link that comes later.
  fs::create_directory_symlink(run.folder / "library", root + "/library");
  CHECK(run.hears_of(root + "/library"));
  append(library, "x");
  CHECK(run.hears_of(root + "/library/lib.py"));
  fs::remove(root + "/library");
  CHECK(run.hears_of(root + "/library"));
  append(library, "x");
  CHECK(run.is_quiet());
}

TEST_CASE("a storm of 5,000 files is few reports, and the folder is watched after it") {
  watch_fixture run;
  const std::string root = run.folder.make_folder("src");
  run.watch({root});
  for (int count = 0; count < 5000; ++count) {
    if (count % 100 == 0) {
      fs::create_directory(root + "/" + std::to_string(count / 100));
      run.context.poll();
    }
    append(root + "/" + std::to_string(count / 100) + "/" + std::to_string(count), "content");
  }
  CHECK(test::run_until(run.context, [&] { return !run.seen.changes.empty() && !run.watcher->next_report(); }));
  for (const auto& [set, change] : run.seen.changes) {
    CHECK(set == "set");
    CHECK((change.everything || !change.paths.empty()));
    CHECK(change.paths.size() <= limits::reported_paths);
  }
  run.seen.changes.clear();
  append(root + "/49/4999", "x");
  CHECK(run.hears_of(root + "/49/4999"));
}

TEST_CASE("when the kernel's queue of events overflows everything counts as changed and is read again") {
  watch_fixture run;
  const std::string other = run.folder.write("other/a", "");
  const std::string root = run.folder.make_folder("src");
  run.watch({root});
  REQUIRE(test::succeeds(run.watcher->watch("other", {{other}, nullptr})));
  std::size_t queue = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> queue;
  REQUIRE(queue > 0);
  run.folder.write("src/0", "");
  for (std::size_t count = 0; count <= queue / 2; ++count) {
    // Two events that the kernel cannot make one of.
    REQUIRE(::rename((root + "/" + std::to_string(count % 2)).c_str(),
                     (root + "/" + std::to_string(1 - count % 2)).c_str()) == 0);
  }
  // Nobody hears of these.
  run.folder.write("src/new/file", "");
  append(other, "x");
  const auto is_lost = [&](const std::string& set) {
    return std::any_of(run.seen.changes.begin(), run.seen.changes.end(),
                       [&](const auto& each) { return each.first == set && each.second.everything; });
  };
  CHECK(test::run_until(run.context, [&] { return is_lost("set") && is_lost("other"); }));
  run.seen.changes.clear();
  append(root + "/new/file", "x");
  CHECK(run.hears_of(root + "/new/file"));
}

TEST_CASE("a set of more folders than the bound is refused, and one that grows over it is told once") {
  file_watcher_options options;
  options.watches_max = 40;
  watch_fixture run(options);
  const std::string root = run.folder.make_folder("src");
  const std::size_t before = 30;
  for (std::size_t count = 0; count < before; ++count) {
    fs::create_directory(root + "/" + std::to_string(count));
  }
  run.watch({root});
  REQUIRE(run.watcher->size() > before);
  for (std::size_t count = 0; count < before; ++count) {
    fs::create_directory(root + "/more" + std::to_string(count));
  }
  CHECK(test::run_until(run.context, [&] { return !run.seen.failures.empty() && !run.watcher->next_report(); }));
  REQUIRE(run.seen.failures.size() == 1);
  CHECK(run.seen.failures[0].first == "set");
  CHECK(run.seen.failures[0].second.code == errc::limit_reached);
  CHECK(test::contains(run.seen.failures[0].second.detail, "kelvin already watches 40 folders"));
  CHECK(run.watcher->size() == 40);
  // The rest is watched as before.
  run.seen.changes.clear();
  append(root + "/0/a", "x");
  CHECK(run.hears_of(root + "/0/a"));

  const auto again = run.watcher->watch("set", {{root}, nullptr});
  CHECK(test::contains(test::failure_text(again, errc::limit_reached), "leave folders out"));
  CHECK(run.watcher->size() == 0);
  append(root + "/0/a", "x");
  CHECK(run.is_quiet());
}

TEST_CASE("more links than the bound are told, and the rest of the folder is watched") {
  watch_fixture run;
  const std::string root = run.folder.make_folder("src");
  run.folder.write("src/a", "");
  run.watch({root});
  for (std::size_t count = 0; count <= limits::watched_links; ++count) {
    fs::create_symlink("a", root + "/link" + std::to_string(count));
  }
  CHECK(test::run_until(run.context, [&] { return !run.seen.failures.empty() && !run.watcher->next_report(); }));
  REQUIRE(run.seen.failures.size() == 1);
  CHECK(run.seen.failures[0].second.code == errc::limit_reached);
  CHECK(test::contains(run.seen.failures[0].second.detail, "more than 1000 symbolic links"));
  run.seen.changes.clear();
  append(root + "/a", "x");
  CHECK(run.hears_of(root + "/a"));
}

TEST_CASE("a folder that may not be read is told, and the others are watched" * doctest::skip(::geteuid() == 0)) {
  watch_fixture run;
  run.folder.write("src/open/a", "");
  const std::string closed = run.folder.make_folder("src/closed");
  REQUIRE(::chmod(closed.c_str(), 0) == 0);
  run.watch({run.folder / "src"});
  CHECK(test::run_until(run.context, [&] { return !run.seen.failures.empty(); }));
  REQUIRE(run.seen.failures.size() == 1);
  CHECK(run.seen.failures[0].second.code == errc::permission_denied);
  CHECK(test::contains(run.seen.failures[0].second.detail, closed));
  append(run.folder / "src/open/a", "x");
  CHECK(run.hears_of(run.folder / "src/open/a"));
  REQUIRE(::chmod(closed.c_str(), 0700) == 0);
}

}  // namespace
}  // namespace kelvin
