#include "emulator/cli/doctor.hpp"

#include "emulator/sandbox/isolation_probe.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <fstream>
#include <string_view>

namespace kelvin {
namespace {

void check_namespaces(findings& found) {
  const auto possible = isolation_probe::begin().finish();
  if (possible) {
    found.ok("isolation level lambda: user, mount and pid namespaces can be set up");
    return;
  }
  found.warn("user, mount and pid namespaces: " + possible.error().detail,
             "functions run at isolation level host; to have lambda: run as root, or allow user namespaces "
             "(sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces over 0, "
             "kernel.apparmor_restrict_unprivileged_userns=0), or a container with that right");
}

/// This process's cgroup in the hierarchy of a controller; of version 2 for an empty name. `/` if it
/// is not listed.
std::string own_cgroup(std::string_view controller) {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    if (names.find("," + std::string(controller) + ",") != std::string::npos)
      return line.substr(second + 1);
  }
  return "/";
}

/// Whether groups can be made below a folder: made and removed again.
bool can_make_groups(const std::string& folder) {
  const std::string group = folder + "/kelvin-doctor-" + std::to_string(getpid());
  return mkdir(group.c_str(), 0755) == 0 && rmdir(group.c_str()) == 0;
}

/// A container sees its own group as the root of the hierarchy, whatever /proc/self/cgroup says.
std::string existing(const std::string& root, const std::string& group) {
  return access((root + group).c_str(), F_OK) == 0 ? root + group : root;
}

constexpr const char* without_cgroup = "kelvin does without it in this version";
constexpr const char* with_delegation =
    "kelvin does without it in this version; to have it: systemd-run --user --scope -p Delegate=yes kelvin ...";
constexpr std::array<const char*, 3> controllers_wanted = {"cpu", "memory", "pids"};

void check_unified(findings& found, const std::string& root) {
  const std::string folder = existing(root, own_cgroup({}));
  const std::string available = " " + first_line(folder + "/cgroup.controllers") + " ";
  const bool writable = can_make_groups(folder);
  for (const char* controller : controllers_wanted) {
    const std::string text = std::string("cgroup v2 controller ") + controller;
    if (available.find(" " + std::string(controller) + " ") == std::string::npos) {
      found.warn(text + ": not available in " + folder, with_delegation);
    } else if (!writable) {
      found.warn(text + ": groups cannot be made in " + folder, with_delegation);
    } else {
      found.ok(text + ": groups can be made");
    }
  }
}

void check_version_1(findings& found) {
  for (const char* controller : {"cpu", "memory", "freezer"}) {
    const std::string root = std::string("/sys/fs/cgroup/") + controller;
    const std::string text = std::string("cgroup v1 controller ") + controller;
    const std::string folder = existing(root, own_cgroup(controller));
    if (access(root.c_str(), F_OK) != 0) {
      found.warn(text + ": not mounted at " + root, without_cgroup);
    } else if (!can_make_groups(folder)) {
      found.warn(text + ": groups cannot be made in " + folder,
                 std::string(without_cgroup) + "; to have it, run as root or let root hand over a group");
    } else {
      found.ok(text + ": groups can be made");
    }
  }
}

}  // namespace

void check_isolation(findings& found) {
  check_namespaces(found);
  for (const char* root : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    // A machine may have version 2 mounted and its controllers in version 1 all the same.
    const std::string controllers = first_line(std::string(root) + "/cgroup.controllers");
    if (controllers.find("memory") != std::string::npos)
      return check_unified(found, root);
  }
  check_version_1(found);
}

}  // namespace kelvin
