#include "emulator/watch/watch_limits.hpp"
#include "emulator/watch/watch_path.hpp"

#include <filesystem>
#include <utility>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

struct scanned_folder {
  std::string real;
  std::string shown;
};

class scanner {
 public:
  scanner(watch_table& table, root_id root, const path_filter& wanted, scan_report& report)
      : table_(table), root_(root), wanted_(wanted), report_(report) {}

  void add(std::string real, std::string shown) { left_.push_back({std::move(real), std::move(shown)}); }

  result<void> run() {
    while (!left_.empty()) {
      const scanned_folder next = std::move(left_.back());
      left_.pop_back();
      if (auto done = scan(next); !done) {
        return done;
      }
    }
    return {};
  }

  result<void> follow(const std::string& link, const std::string& shown) {
    std::error_code ignored;
    if (!is_wanted(shown, fs::is_directory(link, ignored))) {
      return {};
    }
    if (++report_.links > limits::watched_links) {
      return fail(errc::limit_reached, "cannot watch what " + shown + " leads to: more than " +
                                           std::to_string(limits::watched_links) +
                                           " symbolic links in one folder; leave some out");
    }
    const auto followed = follow_path(table_, root_, link, shown);
    if (!followed) {
      return leave_out(followed.error());
    }
    if (!followed->real.empty() && followed->is_folder) {
      add(followed->real, shown);
    }
    return {};
  }

 private:
  bool is_wanted(const std::string& path, bool is_folder) const { return !wanted_ || wanted_(path, is_folder); }

  /// A folder that cannot be read is told and left out, one that is gone is not missed; anything else ends the scan.
  result<void> leave_out(const failure& why) {
    if (why.code == errc::permission_denied) {
      report_.left_out.push_back(why);
    } else if (why.code != errc::not_found) {
      return why;
    }
    return {};
  }

  result<void> scan(const scanned_folder& folder) {
    // Watched before it is read: what comes while we read is found twice, never missed.
    const auto added =
        table_.add(folder.real, {root_, interest_kind::tree, content_events, {}, folder.shown, folder.real});
    if (!added) {
      return leave_out(added.error());
    }
    if (*added == watch_table::addition::was_there) {
      return {};
    }
    std::error_code error;
    for (fs::directory_iterator entry(folder.real, error), end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      const std::string name = entry->path().filename().string();
      const std::string shown = folder.shown + "/" + name;
      if (entry->is_symlink(ignored)) {
        if (auto done = follow(folder.real + "/" + name, shown); !done) {
          return done;
        }
      } else if (entry->is_directory(ignored) && is_wanted(shown, true)) {
        add(folder.real + "/" + name, shown);
      }
    }
    return {};
  }

  watch_table& table_;
  root_id root_;
  const path_filter& wanted_;
  scan_report& report_;
  std::vector<scanned_folder> left_;
};

}  // namespace

result<void> scan_tree(watch_table& table, root_id root, const std::string& real, const std::string& shown,
                       const path_filter& wanted, scan_report& report) {
  scanner walk(table, root, wanted, report);
  walk.add(real, shown);
  return walk.run();
}

result<void> scan_link(watch_table& table, root_id root, const std::string& link, const std::string& shown,
                       const path_filter& wanted, scan_report& report) {
  scanner walk(table, root, wanted, report);
  if (auto done = walk.follow(link, shown); !done) {
    return done;
  }
  return walk.run();
}

}  // namespace kelvin
