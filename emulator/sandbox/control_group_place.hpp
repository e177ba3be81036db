#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// A hierarchy of control groups that is mounted, and where this process stands in it.
struct control_group_place {
  std::string folder;                    ///< of this process's own group
  bool unified = false;                  ///< version 2
  std::vector<std::string> controllers;  ///< of version 1; version 2 lists its own in `cgroup.controllers`
};

/// Reads the texts of /proc/self/mountinfo and /proc/self/cgroup. Hierarchies without a controller (but
/// for version 2) are left out. A container may see its own group as the root of a mount; its path is then
/// cut accordingly.
std::vector<control_group_place> find_control_groups(std::string_view mounts, std::string_view own_groups);

}  // namespace kelvin
