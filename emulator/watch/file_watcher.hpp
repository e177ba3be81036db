#pragma once

#include "emulator/watch/quiet_period.hpp"
#include "emulator/watch/watch_limits.hpp"
#include "emulator/watch/watch_path.hpp"
#include "emulator/watch/watch_table.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/result.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kelvin {

/// What one set is about: files and folders, absolute or below the working folder. A folder is watched with all that is
/// below it, and what links lead to is watched too. What does not exist is waited for.
struct watch_request {
  std::vector<std::string> paths;
  /// Asked for each path below a watched folder, before a watch is spent on it; null: everything counts. It may be
  /// asked often, and about paths that are gone.
  path_filter wanted;
};

/// What has changed in a set since the last report.
struct file_change {
  std::vector<std::string> paths;  ///< some of them, named as in the request; at most limits::reported_paths
  bool everything = false;         ///< events were lost: any file may have changed
};

/// Is told on the loop. May call the watcher, but not destroy it.
class file_watch_observer {
 public:
  virtual ~file_watch_observer() = default;
  /// Files of the set have changed, come or gone, and it has been quiet since (or was not for long).
  virtual void on_changed(const std::string& set, const file_change& change) = 0;
  /// Something of the set can no longer be watched; the rest still is. Codes as those of watch(), and
  /// permission_denied for a folder that may not be read.
  virtual void on_watch_failure(const std::string& set, const failure& why) = 0;
};

struct file_watcher_options {
  duration quiet = limits::watch_quiet;
  duration quiet_longest = limits::watch_quiet_longest;
  std::size_t watches_max = limits::watches;
};

/// Tells when files have changed, by inotify: written in place, replaced, made, removed, or given another mode. It
/// costs nothing while nothing changes.
class file_watcher {
 public:
  /// All three must outlive the watcher. Errors: limit_reached (with the sysctl to raise it), system_failure.
  static result<std::unique_ptr<file_watcher>> open(boost::asio::io_context& context, kelvin::clock& time,
                                                    file_watch_observer& observer, file_watcher_options options = {});

  /// Watches a set from now on, in place of what the set of that name was; a change of that which was not reported yet
  /// still will be. Watch first, then read the files: nothing is missed then. On failure the set is not watched.
  /// Errors: limit_reached (with what to do), permission_denied, system_failure.
  result<void> watch(const std::string& set, watch_request request);
  /// Forgets the set; nothing of it is reported any more.
  void unwatch(const std::string& set);

  /// When the next report is due; nullopt if nothing has changed.
  std::optional<steady_time> next_report() const;
  /// Folders that are watched now.
  std::size_t size() const noexcept { return table_.size(); }

 private:
  using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

  struct watched_set {
    explicit watched_set(quiet_period period) : quiet(period) {}
    path_filter wanted;
    quiet_period quiet;
    file_change change;
    std::vector<root_id> roots;
  };
  struct watched_root {
    std::string set;
    std::string path;   ///< absolute
    std::string shown;  ///< as in the request
    scan_report report;
    bool is_failing = false;           ///< told already, until it is built without failure
    std::set<std::string> left_out{};  ///< told already
  };

  file_watcher(descriptor events, kelvin::clock& time, file_watch_observer& observer, file_watcher_options options);
  void wait();
  void read_events();
  void take(const inotify_record& record);
  void take_for(watched_root& root, const interest& wanted, const inotify_record& record);
  void take_in_tree(watched_root& root, const interest& folder, const inotify_record& record);
  void lose_everything();
  /// Follows and scans the root anew and keeps what is still wanted watched.
  result<void> build(root_id id, watched_root& root);
  void rebuild_dirty();
  void note(const std::string& set, const std::string& path);
  void note_failure(watched_root& root, const failure& why);
  void note_left_out(watched_root& root);
  void tell_failures();
  void report_due();
  void schedule();
  void forget_roots(watched_set& set);

  descriptor events_;
  kelvin::clock& time_;
  file_watch_observer& observer_;
  file_watcher_options options_;
  watch_table table_;
  std::map<std::string, watched_set> sets_;
  std::map<root_id, watched_root> roots_;
  std::set<root_id> dirty_;  ///< lead elsewhere, perhaps
  std::vector<std::pair<std::string, failure>> failures_;
  root_id last_root_ = 0;
  steady_time now_{};  ///< of the events that are being read
  std::unique_ptr<alarm> alarm_;
  std::array<std::byte, 16 * 1024> buffer_;    ///< some hundred events: what one turn of the loop takes in
  std::shared_ptr<const file_watcher*> self_;  ///< ends with this, also for a wait that has ended already
};

}  // namespace kelvin
