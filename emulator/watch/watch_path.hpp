#pragma once

#include "emulator/watch/watch_table.hpp"
#include "runtime-api/base/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// Events that can change where a path leads.
extern const std::uint32_t structure_events;
/// Those and the ones that change a file's content or mode.
extern const std::uint32_t content_events;

/// Where a path leads now.
struct followed_path {
  std::string real;  ///< without links; empty if it leads nowhere
  bool is_folder = false;
};

/// Watches all that a change of could make `path` (absolute) lead elsewhere or to other content: the folder it lies
/// in, the same for each link on the way, and each folder on the way for being moved or removed. Of a path that is not
/// there, the nearest folder that is. Each watch is set before what it watches is looked at, so that nothing is missed.
/// Errors: permission_denied, limit_reached, system_failure.
result<followed_path> follow_path(watch_table& table, root_id root, const std::string& path, const std::string& shown);

/// Whether a path below a watched folder counts.
using path_filter = std::function<bool(std::string_view path, bool is_folder)>;

/// What a walk through folders met and went on from.
struct scan_report {
  std::size_t links = 0;          ///< in: followed so far for this root; out: those of this scan added
  std::vector<failure> left_out;  ///< folders that could not be read
};

/// Watches the folder `real` and those below it that are `wanted`, and what links in them lead to. `shown`: how the
/// caller calls the folder. Errors: limit_reached, system_failure; a folder that is gone by now is none.
result<void> scan_tree(watch_table& table, root_id root, const std::string& real, const std::string& shown,
                       const path_filter& wanted, scan_report& report);

/// Watches what one link in a watched folder leads to, a folder with all that is below it. Errors as of scan_tree().
result<void> scan_link(watch_table& table, root_id root, const std::string& link, const std::string& shown,
                       const path_filter& wanted, scan_report& report);

}  // namespace kelvin
