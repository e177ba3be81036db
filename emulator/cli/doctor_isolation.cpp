#include "emulator/cli/doctor.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace kelvin {
namespace {

/// Where the dry set-up failed, as its child's exit status.
enum set_up_step : int { all_done = 0, unsharing, mapping, mounting };

bool write_file(const char* path, std::string_view text) {
  const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0)
    return false;
  const bool written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(descriptor);
  return written;
}

/// Some systems let a user namespace be made and then refuse the mounts in it, so all of it is tried.
int try_namespaces() {
  const std::string user_map = "0 " + std::to_string(geteuid()) + " 1";
  const std::string group_map = "0 " + std::to_string(getegid()) + " 1";
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) != 0)
    return unsharing;
  write_file("/proc/self/setgroups", "deny");
  if (!write_file("/proc/self/uid_map", user_map) || !write_file("/proc/self/gid_map", group_map))
    return mapping;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return mounting;
  if (mount("tmpfs", "/tmp", "tmpfs", 0, "size=1m") != 0)
    return mounting;
  return all_done;
}

void check_namespaces(findings& found) {
  const pid_t child = fork();
  if (child == 0)
    _exit(try_namespaces());
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
    found.warn("user namespaces: could not be tried", {});
    return;
  }
  const char* advice =
      "kelvin does without them in this version; to have them: "
      "sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, "
      "or a container with that right";
  switch (WEXITSTATUS(status)) {
    case all_done: found.ok("user, mount and pid namespaces can be set up"); break;
    case unsharing: found.warn("user namespaces are not allowed", advice); break;
    case mapping: found.warn("user namespaces can be made, but users cannot be mapped in them", advice); break;
    default: found.warn("user namespaces can be made, but mounts in them are refused", advice); break;
  }
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
