#include "emulator/watch/watch_failure.hpp"

#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

#include <cerrno>

namespace kelvin {
namespace {

TEST_CASE("a limit of inotify that is met is named with its number and the line that raises it") {
  const failure watches = watch_failure(ENOSPC, "src/a", {8192, 128});
  CHECK(watches.code == errc::limit_reached);
  CHECK(test::contains(watches.detail, "cannot watch src/a"));
  CHECK(test::contains(watches.detail, "fs.inotify.max_user_watches is 8192"));
  CHECK(test::contains(watches.detail, "sudo sysctl fs.inotify.max_user_watches=524288"));
  CHECK(test::contains(watch_failure(ENOSPC, "a", {524'288, 128}).detail, "max_user_watches=2097152"));

  const failure watchers = watcher_failure(EMFILE, {8192, 128});
  CHECK(watchers.code == errc::limit_reached);
  CHECK(test::contains(watchers.detail, "fs.inotify.max_user_instances is 128"));
  CHECK(test::contains(watchers.detail, "sudo sysctl fs.inotify.max_user_instances=512"));
  CHECK(test::contains(watchers.detail, "ulimit -n"));
  CHECK(test::contains(watcher_failure(EMFILE, {}).detail, "max_user_instances could not be read"));
}

TEST_CASE("other failures to watch say what and why") {
  CHECK(watcher_failure(ENOMEM, {}).code == errc::system_failure);
  CHECK(watch_failure(ENOENT, "a", {}).code == errc::not_found);
  CHECK(watch_failure(ENOTDIR, "a", {}).code == errc::not_found);
  CHECK(watch_failure(EACCES, "a", {}).code == errc::permission_denied);
  CHECK(watch_failure(EIO, "a", {}).code == errc::system_failure);
  CHECK(test::contains(too_many_watches("a/b", 7).detail, "cannot watch a/b: kelvin already watches 7 folders"));
}

TEST_CASE("the machine's limits of inotify are read") {
  const inotify_limits limits = read_inotify_limits();
  CHECK(limits.watches.value_or(0) > 0);
  CHECK(limits.watchers.value_or(0) > 0);
}

}  // namespace
}  // namespace kelvin
