#include "emulator/cli/doctor.hpp"
#include "emulator/function/elf_header.hpp"
#include "emulator/function/scratch_folder.hpp"
#include "runtime-api/base/limits.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

namespace kelvin {
namespace {

void check_kernel(findings& found) {
  utsname system{};
  uname(&system);
  // Processes are owned through pidfds: Linux 5.4 is the first that can also wait for them.
  const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  const int error = errno;
  const std::string text = std::string("kernel ") + system.release + ", " + machine_name(this_machine());
  if (descriptor < 0) {
    found.fail(text + ": pidfd_open: " + std::strerror(error),
               "use Linux 5.4 or later; in a container, allow pidfd_open in its seccomp profile");
    return;
  }
  close(descriptor);
  found.ok(text);
}

void check_cores(findings& found) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const std::string text = std::to_string(cores) + (cores == 1 ? " core" : " cores");
  if (cores == 1) {
    found.warn(text, "kelvin and the functions share it: measured times are longer than they could be");
    return;
  }
  found.ok(text);
}

void check_memory(findings& found) {
  constexpr unsigned long little_mib = 512;
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  unsigned long kib = 0, total_mib = 0, available_mib = 0;
  while (file >> name >> kib && std::getline(file, unit)) {
    if (name == "MemTotal:")
      total_mib = kib / 1024;
    if (name == "MemAvailable:")
      available_mib = kib / 1024;
  }
  const std::string text =
      "memory: " + std::to_string(total_mib) + " MB, " + std::to_string(available_mib) + " MB available";
  if (available_mib < little_mib) {
    found.warn(text, "stop other programs, or run few environments: --environments-total N");
    return;
  }
  found.ok(text);
}

void check_descriptors(findings& found) {
  constexpr rlim_t comfortable = limits::connections + limits::process_descriptors;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const std::string text = "file descriptors: hard limit " +
                           (limit.rlim_max == RLIM_INFINITY ? "unlimited" : std::to_string(limit.rlim_max));
  const std::string advice =
      "raise it: ulimit -Hn " + std::to_string(comfortable) + " as root, LimitNOFILE= in systemd";
  if (limit.rlim_max < limits::process_descriptors) {
    found.fail(text + ", functions are promised " + std::to_string(limits::process_descriptors), advice);
  } else if (limit.rlim_max < comfortable) {
    found.warn(text + ", too few for " + std::to_string(limits::connections) + " callers at once", advice);
  } else {
    found.ok(text);
  }
}

void check_scratch(findings& found) {
  scratch_folder scratch;
  const auto folder = scratch.make_folder("doctor");
  if (!folder) {
    found.warn(folder.error().detail, "only zips and several layers need it");
    return;
  }
  const std::string program = *folder + "/program";
  const int descriptor = open(program.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
  const bool written = descriptor >= 0 && write(descriptor, "#!/bin/sh\n", 10) == 10;
  const int error = errno;
  if (descriptor >= 0)
    close(descriptor);
  const std::string text = "scratch folder " + scratch.path();
  if (!written) {
    found.fail(text + ": cannot be written to: " + std::strerror(error), "set TMPDIR to another folder");
  } else if (access(program.c_str(), X_OK) != 0) {
    found.warn(text + ": programs there cannot be run (mounted noexec)",
               "a bootstrap in a zip needs it: set TMPDIR to a folder on another file system");
  } else {
    found.ok(text + ": can be written to, programs can be run");
  }
}

void check_process_files(findings& found) {
  const std::string path = "/proc/self/task/" + std::to_string(getpid()) + "/children";
  if (access(path.c_str(), R_OK) != 0) {
    found.warn("/proc/PID/task/PID/children is missing: a function's processes are found more slowly",
               "use a kernel built with CONFIG_PROC_CHILDREN");
    return;
  }
  found.ok("/proc/PID/task/PID/children is there");
}

}  // namespace

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

void check_machine(findings& found) {
  check_kernel(found);
  check_cores(found);
  check_memory(found);
  check_descriptors(found);
  check_scratch(found);
  check_process_files(found);
}

}  // namespace kelvin
