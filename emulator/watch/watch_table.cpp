#include "emulator/watch/watch_table.hpp"

#include "emulator/watch/watch_failure.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

namespace kelvin {

result<watch_table::addition> watch_table::add(const std::string& folder, interest wanted) {
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), wanted.mask | IN_MASK_ADD | IN_ONLYDIR);
  if (watch < 0) {
    const int error = errno;
    return watch_failure(error, folder, error == ENOSPC ? read_inotify_limits() : inotify_limits{});
  }
  const auto [place, is_new] = watches_.try_emplace(watch);
  if (is_new && watches_.size() > watches_max_) {
    watches_.erase(place);
    ::inotify_rm_watch(descriptor_, watch);
    return too_many_watches(folder, watches_max_);
  }
  std::vector<interest>& interests = place->second;
  const auto same = std::find_if(interests.begin(), interests.end(), [&](const interest& each) {
    return each.root == wanted.root && each.kind == wanted.kind && each.name == wanted.name;
  });
  if (same != interests.end()) {
    same->mask |= wanted.mask;
    return addition::was_there;
  }
  interests.push_back(std::move(wanted));
  return addition::made;
}

std::vector<interest> watch_table::wanted_by(const inotify_record& record) const {
  std::vector<interest> found;
  if (const auto watched = watches_.find(record.watch); watched != watches_.end()) {
    // Not all of a folder's interests are copied for each event in it: it may hold many links.
    std::copy_if(watched->second.begin(), watched->second.end(), std::back_inserter(found),
                 [&](const interest& each) { return each.kind != interest_kind::entry || each.name == record.name; });
  }
  return found;
}

void watch_table::drop(root_id root) {
  for (auto& [watch, interests] : watches_) {
    std::erase_if(interests, [&](const interest& each) { return each.root == root; });
  }
}

void watch_table::drop_below(root_id root, std::string_view shown) {
  for (auto& [watch, interests] : watches_) {
    std::erase_if(interests, [&](const interest& each) {
      const std::string_view path = each.shown;
      return each.root == root && each.kind == interest_kind::tree && path.starts_with(shown) &&
             (path.size() == shown.size() || path[shown.size()] == '/');
    });
  }
  sweep();
}

void watch_table::sweep() {
  std::erase_if(watches_, [this](const auto& each) {
    if (!each.second.empty()) {
      return false;
    }
    ::inotify_rm_watch(descriptor_, each.first);
    return true;
  });
}

}  // namespace kelvin
