#include "emulator/sandbox/control_groups.hpp"
#include "emulator/sandbox/control_group_place.hpp"
#include "runtime-api/base/limits.hpp"
#include "sandbox_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace kelvin::test {
namespace {

using texts = std::vector<std::string>;

/// The folders that kelvin has here, in all hierarchies where this process stands.
texts folders_of(pid_t owner) {
  texts found;
  for (const auto& place : find_control_groups(read_file("/proc/self/mountinfo"), read_file("/proc/self/cgroup"))) {
    const std::string folder = place.folder + "/kelvin-" + std::to_string(owner);
    if (std::filesystem::exists(folder)) {
      found.push_back(folder);
    }
  }
  return found;
}

/// Whether this user may make groups here at all; what follows is then tried for real.
bool may_make_groups() {
  const control_groups groups = control_groups::make({.cpu = true, .memory = true, .processes = true});
  groups.remove_all();
  return !groups.empty();
}

std::string line_with(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  const std::size_t begin = at == std::string::npos ? std::string::npos : text.rfind('\n', at) + 1;
  return at == std::string::npos ? "" : text.substr(begin, text.find('\n', at) - begin);
}

}  // namespace

TEST_CASE("control groups: hierarchies of version 1, also mounted together, and of version 2") {
  const auto places = find_control_groups(
      "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
      "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
      "9:name=systemd:/user\n4:memory:/a/b\n2:cpu,cpuacct:/\n0::/user/1\n");
  REQUIRE(places.size() == 3);
  CHECK(places[0].folder == "/sys/fs/cgroup/memory/a/b");
  CHECK(places[0].controllers == texts{"memory"});
  CHECK(places[1].folder == "/sys/fs/cgroup/cpu,cpuacct");
  CHECK(places[1].controllers == texts{"cpu", "cpuacct"});
  CHECK_FALSE(places[1].unified);
  CHECK(places[2].folder == "/sys/fs/cgroup/unified/user/1");
  CHECK(places[2].unified);
}

TEST_CASE("control groups: a container sees its own group as the root of a mount") {
  const auto places = find_control_groups(
      "35 31 0:32 /docker/7 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "36 31 0:33 /docker/77 /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n",
      "4:memory:/docker/7/x\n8:pids:/docker/7\n");
  REQUIRE(places.size() == 2);
  CHECK(places[0].folder == "/sys/fs/cgroup/memory/x");
  CHECK(places[1].folder == "/sys/fs/cgroup/pids");
}

TEST_CASE("control groups: no mount, no place, and malformed texts are not read") {
  CHECK(find_control_groups("", "4:memory:/a\n").empty());
  CHECK(find_control_groups("35 31 0:32 / /x rw - cgroup cgroup rw,memory\n", "").empty());
  CHECK(find_control_groups("nonsense\n - cgroup\n\n", "x\n:\n4:memory\n").empty());
}

TEST_CASE("control groups: where nothing may be written there are none") {
  const temporary_folder folder;
  const control_groups groups = control_groups::make(
      {.cpu = true, .memory = true}, {{folder / "absent", false, {"cpu"}}, {folder.path(), false, {"memory"}}}, 4711);
  CHECK(groups.empty());
  CHECK_FALSE(groups.version(group_controller::cpu));
  CHECK(std::filesystem::is_empty(folder.path()));
  groups.remove_all();
}

TEST_CASE("control groups: version 2 hands on the controllers that are there, and only where somebody asks for one") {
  const temporary_folder folder;
  folder.write("cgroup.controllers", "cpuset cpu io pids\n");
  folder.write("cgroup.subtree_control", "");
  folder.write("kelvin-4711/cgroup.subtree_control", "");
  const std::vector<control_group_place> places = {{folder.path(), true, {}}};
  CHECK(control_groups::make({}, places, 4711).empty());
  // The folder is there already, as if another had this number: it is left alone, and so is kelvin.
  CHECK(control_groups::make({.cpu = true}, places, 4711).empty());
}

TEST_CASE("control groups: a tree stands in a group of its own, bounded, and nothing is left of it") {
  if (!may_make_groups()) {
    CHECK(folders_of(::getpid()).empty());
    return;
  }
  {
    control_groups groups = control_groups::make({.cpu = true, .memory = true, .processes = true});
    CHECK_FALSE(folders_of(::getpid()).empty());
    sandbox_fixture fixture({}, groups);
    const auto box = fixture.start_shell("setsid sleep 1000 & wait");
    REQUIRE(wait_until([&] { return processes_marked(fixture.mark).size() == 2; }));
    const std::string own = "/kelvin-" + std::to_string(::getpid()) + "/";
    for (const pid_t process : processes_marked(fixture.mark)) {
      const std::string stands = read_file("/proc/" + std::to_string(process) + "/cgroup");
      if (groups.version(group_controller::memory)) {
        CHECK(line_with(stands, groups.version(group_controller::memory) == 1 ? ":memory:" : "0::").find(own) !=
              std::string::npos);
      }
      if (groups.version(group_controller::processes) == 1) {
        const std::string group = line_with(stands, ":pids:");
        const std::string keeper = group.substr(group.rfind('/') + 1);
        CHECK(read_file(groups.folder(group_controller::processes, std::stoi(keeper)) + "/pids.max") ==
              std::to_string(limits::process_count + 2) + "\n");
      }
    }
    fixture.run(box->stop());
    const auto group_count = [&] {
      std::size_t count = 0;
      for (const std::string& folder : folders_of(::getpid())) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
          count += entry.is_directory() ? 1 : 0;
        }
      }
      return count;
    };
    // The parked keeper's are left.
    CHECK(wait_until([&] { return group_count() <= folders_of(::getpid()).size(); }));
  }
  CHECK(folders_of(::getpid()).empty());
}

TEST_CASE("control groups: those of a kelvin that was killed with its spawner are removed by the next one") {
  if (!may_make_groups()) {
    CHECK(folders_of(::getpid()).empty());
    return;
  }
  const pid_t gone = ::fork();
  if (gone == 0) {
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(gone, &status, 0) == gone);
  const auto places = find_control_groups(read_file("/proc/self/mountinfo"), read_file("/proc/self/cgroup"));
  // Any kelvin that starts beside this test removes them as well; then it was not this one.
  REQUIRE(wait_until([&] {
    const control_groups abandoned = control_groups::make({.cpu = true, .memory = true}, places, gone);
    return abandoned.empty() == folders_of(gone).empty();
  }));
  control_groups::make({.cpu = true, .memory = true}).remove_all();
  CHECK(folders_of(gone).empty());
}

}  // namespace kelvin::test
