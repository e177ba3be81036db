#pragma once

#include "emulator/watch/file_watcher.hpp"
#include "runtime-api/base/system_clock.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin::test {

/// Keeps what it is told.
class recording_observer final : public file_watch_observer {
 public:
  void on_changed(const std::string& set, const file_change& change) override { changes.emplace_back(set, change); }
  void on_watch_failure(const std::string& set, const failure& why) override { failures.emplace_back(set, why); }

  /// Whether a report for the set named the path.
  bool named(const std::string& set, const std::string& path) const {
    return std::any_of(changes.begin(), changes.end(), [&](const auto& each) {
      const auto& paths = each.second.paths;
      return each.first == set && std::find(paths.begin(), paths.end(), path) != paths.end();
    });
  }

  std::vector<std::pair<std::string, file_change>> changes;
  std::vector<std::pair<std::string, failure>> failures;
};

/// A watcher over a temporary folder in real time.
struct watch_fixture {
  explicit watch_fixture(file_watcher_options options = {}) {
    auto opened = file_watcher::open(context, time, seen, options);
    REQUIRE(succeeds(opened));
    watcher = std::move(*opened);
  }

  void watch(std::vector<std::string> paths, path_filter wanted = nullptr) {
    const auto watched = watcher->watch("set", {std::move(paths), std::move(wanted)});
    REQUIRE(succeeds(watched));
  }
  /// Runs the loop until the set's report that names the path, and forgets the reports.
  bool hears_of(const std::string& path) {
    const bool heard = run_until(context, [&] { return seen.named("set", path); });
    seen.changes.clear();
    return heard;
  }
  /// Whether nothing is on its way to be reported: the kernel queues an event before the call that caused it returns.
  bool is_quiet() {
    context.restart();
    context.poll();
    return seen.changes.empty() && !watcher->next_report();
  }

  temporary_folder folder;
  boost::asio::io_context context{1};
  system_clock time{context};
  recording_observer seen;
  std::unique_ptr<file_watcher> watcher;
};

inline void append(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

}  // namespace kelvin::test
