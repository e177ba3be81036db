#include "tests/unit/watch/private_namespaces.hpp"
#include "tests/unit/watch/watch_fixture.hpp"

#include <fstream>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

/// What opening a watcher and watching the folder says where this user may do no more than `limit` of it.
std::string try_to_watch(const std::string& folder, const std::string& limit, unsigned number) {
  return test::in_private_namespaces([&] {
    std::ofstream("/proc/sys/user/" + limit) << number << std::flush;
    boost::asio::io_context context{1};
    system_clock time{context};
    test::recording_observer seen;
    auto opened = file_watcher::open(context, time, seen);
    if (!opened) {
      return opened.error().detail;
    }
    const auto watched = (*opened)->watch("set", {{folder}, nullptr});
    return (watched ? "watched " : watched.error().detail + " ") + std::to_string((*opened)->size());
  });
}

TEST_CASE("the kernel's own limits of inotify, met for real" * doctest::skip(!test::has_private_namespaces())) {
  test::temporary_folder folder;
  for (int count = 0; count < 20; ++count) {
    fs::create_directory(folder / std::to_string(count));
  }
  CHECK(try_to_watch(folder.path(), "max_inotify_watches", 100).starts_with("watched "));

  const std::string watches = try_to_watch(folder.path(), "max_inotify_watches", 15);
  CHECK(test::contains(watches, "cannot watch " + folder.path()));
  CHECK(test::contains(watches, "sudo sysctl fs.inotify.max_user_watches="));
  // Nothing is watched in part.
  CHECK(watches.ends_with(" 0"));

  const std::string watchers = try_to_watch(folder.path(), "max_inotify_instances", 0);
  CHECK(test::contains(watchers, "sudo sysctl fs.inotify.max_user_instances="));
}

}  // namespace
}  // namespace kelvin
