#include "emulator/sandbox/control_group_place.hpp"

#include <algorithm>

namespace kelvin {
namespace {

/// Takes what stands before `separator` off `text`, all of it if there is none.
std::string_view take(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return taken;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    parts.emplace_back(take(list, ","));
  }
  return parts;
}

struct mounted {
  std::string_view root;
  std::string_view folder;
  bool unified = false;
  std::vector<std::string> options;
};

/// A line of mountinfo: number, parent, device, root, folder, options, … ` - ` type, source, own options.
bool read_mount(std::string_view line, mounted& mount) {
  std::string_view before = take(line, " - ");
  const std::string_view type = take(line, " ");
  if (type != "cgroup" && type != "cgroup2") {
    return false;
  }
  take(line, " ");
  for (int field = 0; field < 3; ++field) {
    take(before, " ");
  }
  mount.root = take(before, " ");
  mount.folder = take(before, " ");
  mount.unified = type == "cgroup2";
  mount.options = split(line);
  return true;
}

}  // namespace

std::vector<control_group_place> find_control_groups(std::string_view mounts, std::string_view own_groups) {
  std::vector<control_group_place> places;
  while (!own_groups.empty()) {
    std::string_view line = take(own_groups, "\n");
    const std::string_view number = take(line, ":");
    const std::vector<std::string> controllers = split(take(line, ":"));
    const bool unified = number == "0";
    if (!unified && (controllers.empty() || controllers.front().starts_with("name="))) {
      continue;
    }
    for (std::string_view rest = mounts; !rest.empty();) {
      mounted mount;
      if (!read_mount(take(rest, "\n"), mount) || mount.unified != unified ||
          (!unified && std::ranges::find(mount.options, controllers.front()) == mount.options.end())) {
        continue;
      }
      std::string_view path = line;
      const std::string_view root = mount.root == "/" ? std::string_view() : mount.root;
      const bool below = path == root || path.starts_with(std::string(root) + "/");
      path = below ? path.substr(root.size()) : std::string_view();
      std::string folder = std::string(mount.folder).append(path == "/" ? std::string_view() : path);
      places.push_back({std::move(folder), unified, controllers});
      break;
    }
  }
  return places;
}

}  // namespace kelvin
