#include "emulator/sandbox/control_groups.hpp"

#include "emulator/sandbox/control_group_place.hpp"
#include "emulator/sandbox/descriptor.hpp"
#include "runtime-api/base/limits.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

namespace kelvin {
namespace {

constexpr std::string_view folder_prefix = "kelvin-";
constexpr std::string_view leaf_suffix = "-self";

/// A group whose last process ends may be refused to be removed for a moment.
constexpr int removal_attempts = 50;
constexpr int removal_pause_ms = 2;

/// A keeper, and the init of an isolated tree.
constexpr unsigned helpers_in_group = 2;

struct named_controller {
  group_controller which;
  const char* name;
};
constexpr std::array<named_controller, 3> controllers = {
    {{group_controller::cpu, "cpu"}, {group_controller::memory, "memory"}, {group_controller::processes, "pids"}}};

const char* name_of(group_controller which) noexcept {
  return std::ranges::find(controllers, which, &named_controller::which)->name;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::vector<std::string> folders_in(const std::string& path) {
  std::vector<std::string> names;
  DIR* stream = ::opendir(path.c_str());
  while (const dirent* entry = stream != nullptr ? ::readdir(stream) : nullptr) {
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
      names.emplace_back(entry->d_name);
    }
  }
  if (stream != nullptr) {
    ::closedir(stream);
  }
  return names;
}

bool is_gone(int result) noexcept {
  return result == 0 || errno == ENOENT;
}

/// A group and those in it; false if a process is left in one.
bool remove_group(const std::string& path) {
  bool removed = true;
  for (const std::string& name : folders_in(path)) {
    removed = is_gone(::rmdir((path + "/" + name).c_str())) && removed;
  }
  return is_gone(::rmdir(path.c_str())) && removed;
}

bool remove_group_patiently(const std::string& path) {
  for (int attempt = 0; attempt < removal_attempts; ++attempt) {
    if (remove_group(path)) {
      return true;
    }
    ::poll(nullptr, 0, removal_pause_ms);
  }
  return false;
}

/// Of kelvins that were killed together with their spawner.
void remove_abandoned(const std::string& folder) {
  for (const std::string& name : folders_in(folder)) {
    pid_t owner = 0;
    if (name.starts_with(folder_prefix)) {
      std::from_chars(name.data() + folder_prefix.size(), name.data() + name.size(), owner);
    }
    if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH) {
      remove_group(folder + "/" + name);
    }
  }
}

}  // namespace

std::string read_group_file(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; file && (count = ::read(file.get(), buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

int write_group_file(const std::string& path, const std::string& value) noexcept {
  const descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) {
    return errno;
  }
  return ::write(file.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size()) ? 0 : errno;
}

control_groups control_groups::make(const group_wish& wish) {
  if (!wish.is_worth_groups()) {
    return {};  // nothing is read either
  }
  return make(wish, find_control_groups(read_group_file("/proc/self/mountinfo"), read_group_file("/proc/self/cgroup")),
              ::getpid());
}

control_groups control_groups::make(const group_wish& wish, const std::vector<control_group_place>& places,
                                    pid_t owner) {
  control_groups made;
  if (!wish.is_worth_groups()) {
    return made;
  }
  const std::string name = std::string(folder_prefix) + std::to_string(owner);
  for (const control_group_place& place : places) {
    std::vector<group_controller> wanted;
    const std::string listed = place.unified ? " " + read_group_file(place.folder + "/cgroup.controllers") + " " : "";
    for (const auto& [which, text] : controllers) {
      const bool wished = which == group_controller::cpu      ? wish.cpu
                          : which == group_controller::memory ? wish.memory
                                                              : wish.processes;
      const bool offered = place.unified ? listed.find(std::string(" ") + text) != std::string::npos
                                         : std::ranges::find(place.controllers, text) != place.controllers.end();
      if (wished && offered && !made.version(which)) {
        wanted.push_back(which);
      }
    }
    if (wanted.empty()) {
      continue;
    }
    remove_abandoned(place.folder);
    if (place.unified) {
      made.add_unified(place, std::move(wanted), name);
    } else {
      made.add_version_1(place, std::move(wanted), name);
    }
  }
  return made;
}

bool control_groups::add_version_1(const control_group_place& place, std::vector<group_controller> wanted,
                                   const std::string& name) {
  const std::string base = place.folder + "/" + name;
  if (::mkdir(base.c_str(), 0755) != 0 && errno != EEXIST) {
    return false;
  }
  if (::access((base + "/cgroup.procs").c_str(), W_OK) != 0) {
    ::rmdir(base.c_str());
    return false;
  }
  hierarchies_.push_back({base, {}, false, std::move(wanted)});
  return true;
}

/// A group of version 2 either holds processes or hands controllers on to the groups in it. So kelvin moves to a
/// leaf beside its folder, which can only help where nobody else stands in its group: a scope of its own.
bool control_groups::add_unified(const control_group_place& place, std::vector<group_controller> wanted,
                                 const std::string& name) {
  hierarchy made{place.folder + "/" + name, place.folder + "/" + name + std::string(leaf_suffix), true,
                 std::move(wanted)};
  std::string enabling;
  for (const group_controller which : made.controllers) {
    enabling.append(enabling.empty() ? "+" : " +").append(name_of(which));
  }
  const std::string subtree = place.folder + "/cgroup.subtree_control";
  bool moved = false;
  bool enabled = ::mkdir(made.base.c_str(), 0755) == 0 && write_group_file(subtree, enabling) == 0;
  if (!enabled && ::mkdir(made.own_leaf.c_str(), 0755) == 0) {
    moved = write_group_file(made.own_leaf + "/cgroup.procs", "0") == 0;
    enabled = moved && write_group_file(subtree, enabling) == 0;
  }
  enabled = enabled && write_group_file(made.base + "/cgroup.subtree_control", enabling) == 0;
  if (!enabled && moved) {
    write_group_file(place.folder + "/cgroup.procs", "0");
  }
  if (!enabled || !moved) {
    ::rmdir(made.own_leaf.c_str());
    made.own_leaf.clear();
  }
  if (!enabled) {
    ::rmdir(made.base.c_str());
    return false;
  }
  hierarchies_.push_back(std::move(made));
  return true;
}

std::optional<int> control_groups::version(group_controller which) const noexcept {
  for (const hierarchy& each : hierarchies_) {
    if (std::ranges::find(each.controllers, which) != each.controllers.end()) {
      return each.unified ? 2 : 1;
    }
  }
  return std::nullopt;
}

std::string control_groups::folder(group_controller which, pid_t keeper) const {
  for (const hierarchy& each : hierarchies_) {
    if (std::ranges::find(each.controllers, which) != each.controllers.end()) {
      return each.base + "/" + std::to_string(keeper);
    }
  }
  return {};
}

bool control_groups::join() const {
  const pid_t own = ::getpid();
  bool joined = !hierarchies_.empty();
  for (const hierarchy& each : hierarchies_) {
    const std::string group = each.base + "/" + std::to_string(own);
    const std::string members = group + "/cgroup.procs";
    if ((::mkdir(group.c_str(), 0755) != 0 && errno != EEXIST) || write_group_file(members, "0") != 0) {
      joined = false;
      continue;
    }
    if (std::ranges::find(each.controllers, group_controller::processes) != each.controllers.end()) {
      write_group_file(group + "/pids.max", std::to_string(limits::process_count + helpers_in_group));
    }
  }
  return joined;
}

bool control_groups::remove(pid_t keeper) const {
  bool removed = true;
  for (const hierarchy& each : hierarchies_) {
    removed = is_gone(::rmdir((each.base + "/" + std::to_string(keeper)).c_str())) && removed;
  }
  return removed;
}

void control_groups::remove_all() const {
  for (const hierarchy& each : hierarchies_) {
    remove_group_patiently(each.base);
    if (each.own_leaf.empty()) {
      continue;
    }
    // Only a group that hands nothing on takes a process back.
    const std::string parent = each.base.substr(0, each.base.rfind('/'));
    std::string disabling;
    for (const group_controller which : each.controllers) {
      disabling.append(disabling.empty() ? "-" : " -").append(name_of(which));
    }
    write_group_file(parent + "/cgroup.subtree_control", disabling);
    // This process, and kelvin where it waits for the spawner's end.
    for (const std::string& process : words_of(read_group_file(each.own_leaf + "/cgroup.procs"))) {
      write_group_file(parent + "/cgroup.procs", process);
    }
    remove_group_patiently(each.own_leaf);
  }
}

}  // namespace kelvin
