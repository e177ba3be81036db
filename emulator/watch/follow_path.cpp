#include "emulator/watch/watch_limits.hpp"
#include "emulator/watch/watch_path.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <utility>

namespace kelvin {

const std::uint32_t structure_events = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
const std::uint32_t content_events = structure_events | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB;

namespace {

enum class entry_type { missing, link, folder, other };

entry_type type_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return entry_type::missing;
  }
  if (S_ISLNK(status.st_mode)) {
    return entry_type::link;
  }
  return S_ISDIR(status.st_mode) ? entry_type::folder : entry_type::other;
}

/// The names of a path, the last one first, put on top of those that are there.
void push_names(std::vector<std::string>& names, std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (!name.empty() && name != ".") {
      names.emplace_back(name);
    }
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  }
}

class follower {
 public:
  follower(watch_table& table, root_id root, const std::string& shown) : table_(table), root_(root), shown_(shown) {}

  result<followed_path> follow(const std::string& path) {
    push_names(names_, path);
    while (!names_.empty()) {
      const auto step = take_name();
      if (!step) {
        return step.error();
      }
      if (!*step) {
        return followed_path{};
      }
    }
    return followed_path{here_.empty() ? "/" : here_, is_folder_};
  }

 private:
  /// Goes one name on; false if the path leads nowhere.
  result<bool> take_name() {
    const std::string name = std::move(names_.back());
    names_.pop_back();
    if (name == "..") {
      here_.resize(here_.empty() ? 0 : here_.rfind('/'));
      return true;
    }
    const bool is_last = names_.empty();
    const std::string path = here_ + "/" + name;
    entry_type type = type_of(path);
    // What is not an ordinary folder on the way is watched by its name, before it is looked at once more.
    if (is_last || type != entry_type::folder) {
      const auto added =
          want({root_, interest_kind::entry, is_last ? content_events : structure_events, name, shown_, {}});
      if (!added || !*added) {
        return added;
      }
      type = type_of(path);
    }
    switch (type) {
      case entry_type::missing: return false;
      case entry_type::link: return take_link(path);
      case entry_type::folder: return take_folder(path, name);
      case entry_type::other: break;
    }
    here_ = path;
    is_folder_ = false;
    return is_last;
  }

  result<bool> take_link(const std::string& path) {
    std::array<char, PATH_MAX> target;
    const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    if (length <= 0 || ++links_ > limits::symbolic_links) {
      return false;
    }
    const std::string_view text(target.data(), static_cast<std::size_t>(length));
    if (text.front() == '/') {
      here_.clear();
    }
    push_names(names_, text);
    return true;
  }

  result<bool> take_folder(const std::string& path, const std::string& name) {
    const std::string parent = std::exchange(here_, path);
    is_folder_ = true;
    const auto added = want({root_, interest_kind::itself, IN_DELETE_SELF | IN_MOVE_SELF, {}, shown_, {}});
    if (added && !*added) {
      // It went between the look and the watch: wait for its return.
      here_ = parent;
      const auto waits = want({root_, interest_kind::entry, structure_events, name, shown_, {}});
      return waits ? result<bool>(false) : waits;
    }
    if (!added && added.error().code == errc::permission_denied) {
      // A folder that may be passed but not read: only its own move or removal goes unnoticed.
      return true;
    }
    return added;
  }

  /// Watches the folder we are in; false if it is gone.
  result<bool> want(interest wanted) {
    const auto added = table_.add(here_.empty() ? "/" : here_, std::move(wanted));
    if (!added && added.error().code != errc::not_found) {
      return added.error();
    }
    return added.has_value();
  }

  watch_table& table_;
  root_id root_;
  const std::string& shown_;
  std::vector<std::string> names_;  ///< still to go, the next one last
  std::string here_;                ///< without links; empty is the file system's root
  bool is_folder_ = true;
  std::size_t links_ = 0;
};

}  // namespace

result<followed_path> follow_path(watch_table& table, root_id root, const std::string& path, const std::string& shown) {
  return follower(table, root, shown).follow(path);
}

}  // namespace kelvin
