#pragma once

#include "emulator/watch/inotify_events.hpp"
#include "runtime-api/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// One path that a caller wants watched; numbers are never used again.
using root_id = std::uint64_t;

/// Why a folder is watched.
enum class interest_kind {
  entry,   ///< for one name in it: on the way to a root, or the root itself
  itself,  ///< on the way to a root: whether it is moved or removed
  tree,    ///< for everything in it
};

struct interest {
  root_id root = 0;
  interest_kind kind = interest_kind::entry;
  std::uint32_t mask = 0;  ///< IN_…: what counts
  std::string name;        ///< of `entry`
  std::string shown;       ///< how reports call it: the folder of `tree`, else the root
  std::string real;        ///< of `tree`: the folder without links
};

/// Which folders are watched, and for whom: one inotify descriptor and its bookkeeping. A folder is watched once,
/// however many want it.
class watch_table {
 public:
  enum class addition { made, was_there };

  /// `descriptor`: of inotify, and not owned. At most `watches_max` folders.
  watch_table(int descriptor, std::size_t watches_max) : descriptor_(descriptor), watches_max_(watches_max) {}

  /// Watches the folder for one more interest; `was_there` if it had this root, kind and name.
  /// Errors: not_found (gone, or no folder), permission_denied, limit_reached, system_failure.
  result<addition> add(const std::string& folder, interest wanted);
  /// Who wants to know of an event; empty if nobody does any more. Copies: what an event makes happen may change the
  /// table.
  std::vector<interest> wanted_by(const inotify_record& record) const;
  /// The kernel has ended this watch.
  void forget(int watch) { watches_.erase(watch); }
  /// Drops all a root wants. Its folders stay watched until sweep(), so that it can want them again at no cost.
  void drop(root_id root);
  /// Drops what a root wants of the folder shown so and of those below it, and ends their watches.
  void drop_below(root_id root, std::string_view shown);
  /// Ends the watches that nobody wants.
  void sweep();

  std::size_t size() const noexcept { return watches_.size(); }

 private:
  int descriptor_;
  std::size_t watches_max_;
  std::map<int, std::vector<interest>> watches_;
};

}  // namespace kelvin
