#include "emulator/watch/file_watcher.hpp"

#include "emulator/watch/watch_failure.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace kelvin {
namespace {

/// A watched folder itself is gone, moved, or on a file system that is.
constexpr std::uint32_t end_events = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

bool is_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

}  // namespace

result<std::unique_ptr<file_watcher>> file_watcher::open(boost::asio::io_context& context, kelvin::clock& time,
                                                         file_watch_observer& observer, file_watcher_options options) {
  const int opened = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (opened < 0) {
    return watcher_failure(errno, read_inotify_limits());
  }
  std::unique_ptr<file_watcher> watcher(
      new file_watcher(descriptor(context.get_executor(), opened), time, observer, options));
  watcher->wait();
  return watcher;
}

file_watcher::file_watcher(descriptor events, kelvin::clock& time, file_watch_observer& observer,
                           file_watcher_options options)
    : events_(std::move(events)),
      time_(time),
      observer_(observer),
      options_(options),
      table_(events_.native_handle(), options.watches_max),
      alarm_(time.make_alarm([this] { report_due(); })),
      self_(std::make_shared<const file_watcher*>(this)) {}

result<void> file_watcher::watch(const std::string& set, watch_request request) {
  watched_set& watched = sets_.try_emplace(set, quiet_period(options_.quiet, options_.quiet_longest)).first->second;
  forget_roots(watched);
  watched.wanted = std::move(request.wanted);
  for (std::string& shown : request.paths) {
    std::error_code error;
    std::string path = std::filesystem::absolute(shown, error).string();
    if (error) {
      unwatch(set);
      return fail(errc::system_failure, "cannot watch " + shown + ": no working folder: " + error.message());
    }
    const root_id id = ++last_root_;
    watched.roots.push_back(id);
    watched_root& root = roots_.emplace(id, watched_root{set, std::move(path), std::move(shown), {}}).first->second;
    if (auto built = build(id, root); !built) {
      unwatch(set);
      return built;
    }
  }
  table_.sweep();
  if (!failures_.empty()) {
    // Never from inside watch(): the next turn of the alarm tells.
    schedule();
  }
  return {};
}

void file_watcher::unwatch(const std::string& set) {
  const auto found = sets_.find(set);
  if (found == sets_.end()) {
    return;
  }
  forget_roots(found->second);
  table_.sweep();
  sets_.erase(found);
  std::erase_if(failures_, [&](const auto& each) { return each.first == set; });
}

void file_watcher::forget_roots(watched_set& set) {
  for (const root_id id : set.roots) {
    table_.drop(id);
    roots_.erase(id);
    dirty_.erase(id);
  }
  set.roots.clear();
}

result<void> file_watcher::build(root_id id, watched_root& root) {
  table_.drop(id);
  root.report.links = 0;
  const auto followed = follow_path(table_, id, root.path, root.shown);
  if (!followed) {
    return followed.error();
  }
  if (followed->real.empty() || !followed->is_folder) {
    return {};
  }
  auto scanned = scan_tree(table_, id, followed->real, root.shown, sets_.at(root.set).wanted, root.report);
  note_left_out(root);
  return scanned;
}

void file_watcher::wait() {
  events_.async_wait(descriptor::wait_read, [this, self = std::weak_ptr(self_)](boost::system::error_code error) {
    if (error || self.expired()) {
      return;
    }
    read_events();
    wait();
  });
}

void file_watcher::read_events() {
  // One read per turn of the loop: a storm must not starve everybody else.
  const ssize_t count = ::read(events_.native_handle(), buffer_.data(), buffer_.size());
  if (count <= 0) {
    return;
  }
  now_ = time_.now();
  parse_inotify_events(std::span(buffer_).first(static_cast<std::size_t>(count)),
                       [this](const inotify_record& record) { take(record); });
  rebuild_dirty();
  tell_failures();
  schedule();
}

void file_watcher::take(const inotify_record& record) {
  if ((record.mask & IN_Q_OVERFLOW) != 0) {
    lose_everything();
    return;
  }
  for (const interest& wanted : table_.wanted_by(record)) {
    if (const auto root = roots_.find(wanted.root); root != roots_.end()) {
      take_for(root->second, wanted, record);
    }
  }
  if ((record.mask & IN_IGNORED) != 0) {
    table_.forget(record.watch);
  }
}

void file_watcher::take_for(watched_root& root, const interest& wanted, const inotify_record& record) {
  switch (wanted.kind) {
    case interest_kind::entry:
      if ((record.mask & wanted.mask) == 0) {
        return;
      }
      if ((record.mask & structure_events) != 0) {
        dirty_.insert(wanted.root);
      }
      note(root.set, wanted.shown);
      return;
    case interest_kind::itself:
      if ((record.mask & end_events) != 0) {
        dirty_.insert(wanted.root);
        note(root.set, wanted.shown);
      }
      return;
    case interest_kind::tree: take_in_tree(root, wanted, record); return;
  }
}

void file_watcher::take_in_tree(watched_root& root, const interest& folder, const inotify_record& record) {
  if ((record.mask & folder.mask) == 0) {
    return;
  }
  if (record.name.empty()) {
    note(root.set, folder.shown);
    return;
  }
  const std::string shown = folder.shown + "/" + std::string(record.name);
  const bool is_folder = (record.mask & IN_ISDIR) != 0;
  const path_filter& wanted = sets_.at(root.set).wanted;
  if (wanted && !wanted(shown, is_folder)) {
    return;
  }
  note(root.set, shown);
  if (is_folder && (record.mask & IN_MOVED_FROM) != 0) {
    table_.drop_below(folder.root, shown);
  }
  // A root that is going to be built anew finds what has come by itself.
  if ((record.mask & (IN_CREATE | IN_MOVED_TO)) == 0 || dirty_.contains(folder.root)) {
    return;
  }
  const std::string real = folder.real + "/" + std::string(record.name);
  result<void> outcome;
  if (is_folder) {
    outcome = scan_tree(table_, folder.root, real, shown, wanted, root.report);
  } else if (is_link(real)) {
    outcome = scan_link(table_, folder.root, real, shown, wanted, root.report);
  }
  if (!outcome) {
    note_failure(root, outcome.error());
  }
  note_left_out(root);
}

void file_watcher::lose_everything() {
  for (auto& [name, set] : sets_) {
    set.change.everything = true;
    set.quiet.on_event(now_);
  }
  for (const auto& [id, root] : roots_) {
    dirty_.insert(id);
  }
}

void file_watcher::rebuild_dirty() {
  if (dirty_.empty()) {
    return;
  }
  for (const root_id id : std::exchange(dirty_, {})) {
    watched_root& root = roots_.at(id);
    if (const auto built = build(id, root)) {
      root.is_failing = false;
    } else {
      note_failure(root, built.error());
    }
  }
  table_.sweep();
}

void file_watcher::note(const std::string& set, const std::string& path) {
  watched_set& watched = sets_.at(set);
  watched.quiet.on_event(now_);
  std::vector<std::string>& paths = watched.change.paths;
  if (paths.size() < limits::reported_paths && std::find(paths.begin(), paths.end(), path) == paths.end()) {
    paths.push_back(path);
  }
}

void file_watcher::note_failure(watched_root& root, const failure& why) {
  if (!std::exchange(root.is_failing, true)) {
    failures_.emplace_back(root.set, why);
  }
}

void file_watcher::note_left_out(watched_root& root) {
  for (failure& each : std::exchange(root.report.left_out, {})) {
    if (root.left_out.size() < limits::reported_paths && root.left_out.insert(each.detail).second) {
      failures_.emplace_back(root.set, std::move(each));
    }
  }
}

void file_watcher::tell_failures() {
  for (const auto& [set, why] : std::exchange(failures_, {})) {
    if (sets_.contains(set)) {
      observer_.on_watch_failure(set, why);
    }
  }
}

std::optional<steady_time> file_watcher::next_report() const {
  std::optional<steady_time> earliest;
  for (const auto& [name, set] : sets_) {
    const auto due = set.quiet.due();
    if (due && (!earliest || *due < *earliest)) {
      earliest = due;
    }
  }
  return earliest;
}

void file_watcher::schedule() {
  const auto due = failures_.empty() ? next_report() : std::optional(time_.now());
  if (due) {
    alarm_->set(*due);
  } else {
    alarm_->clear();
  }
}

void file_watcher::report_due() {
  // On a busy loop the time may be over before events that wait were read: then it was not quiet.
  read_events();
  tell_failures();
  const steady_time now = time_.now();
  std::vector<std::string> due;
  for (const auto& [name, set] : sets_) {
    if (const auto when = set.quiet.due(); when && *when <= now) {
      due.push_back(name);
    }
  }
  for (const std::string& name : due) {
    // What is told first may have ended the sets of those behind it.
    if (const auto found = sets_.find(name); found != sets_.end()) {
      found->second.quiet.reset();
      const file_change change = std::exchange(found->second.change, {});
      observer_.on_changed(name, change);
    }
  }
  schedule();
}

}  // namespace kelvin
