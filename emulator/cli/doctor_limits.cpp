#include "emulator/cli/doctor.hpp"

#include "emulator/sandbox/control_groups.hpp"

#include <unistd.h>

namespace kelvin {
namespace {

constexpr const char* with_delegation =
    "to have it: systemd-run --user --scope -p Delegate=yes kelvin ..., or run as root";

std::string by_group(int version, const char* controller) {
  return "cgroup v" + std::to_string(version) + " controller " + controller;
}

void check_cpu(findings& found, const control_groups& groups) {
  const std::string what = "CPU share (--cpu lambda): ";
  if (const auto version = groups.version(group_controller::cpu)) {
    found.ok(what + "CFS quota, " + by_group(*version, "cpu"));
  } else {
    found.warn(what + "by stopping and continuing processes, for no cgroup controller cpu can be used",
               "a quota of the kernel's would cost kelvin less; " + std::string(with_delegation));
  }
}

void check_memory(findings& found, const control_groups& groups) {
  const std::string what = "memory size (--memory): ";
  if (const auto version = groups.version(group_controller::memory)) {
    found.ok(what + by_group(*version, "memory") + ", and sampling");
  } else {
    found.warn(what + "by sampling alone, for no cgroup controller memory can be used",
               "a peak of under a millisecond may pass; " + std::string(with_delegation));
  }
}

void check_processes(findings& found, const control_groups& groups) {
  const std::string what = "processes and threads of a function: ";
  if (const auto version = groups.version(group_controller::processes)) {
    found.ok(what + "1024 with --memory or --cpu lambda, " + by_group(*version, "pids") +
             (::geteuid() != 0 ? "; at isolation level lambda always" : "; else not bounded"));
  } else if (::geteuid() != 0) {
    found.ok(what + "1024 at isolation level lambda (RLIMIT_NPROC in a user namespace), else this user's limit");
  } else {
    found.warn(what + "not bounded, for no cgroup controller pids can be used", "run as another user than root");
  }
}

}  // namespace

void check_limits(findings& found) {
  const control_groups groups = control_groups::make({.cpu = true, .memory = true, .processes = true});
  check_cpu(found, groups);
  check_memory(found, groups);
  check_processes(found, groups);
  groups.remove_all();
  found.ok("freezing (--freeze): SIGSTOP, which needs nothing");
}

}  // namespace kelvin
