#include "emulator/sandbox/isolated_root.hpp"

#include "runtime-api/base/limits.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace kelvin {
namespace {

/// The place of the new root while it is built: moved over the machine's root in the end, it uncovers /tmp again.
constexpr const char* building_site = "/tmp";

/// What root may do inside: change its files and processes. Everything that reaches beyond (mounts,
/// devices, modules, other users' processes) is taken away; AWS's functions have no capability at all.
constexpr std::array<int, 8> capabilities_left = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID,
                                                  CAP_KILL,  CAP_SETGID,       CAP_SETUID, CAP_NET_BIND_SERVICE};

/// As container runtimes do: files that act on the whole machine and ask for nothing but user 0.
constexpr std::array<const char*, 5> machine_controls = {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus",
                                                         "/proc/fs"};

constexpr std::array<const char*, 6> devices = {"null", "zero", "full", "random", "urandom", "tty"};

bool write_file(const char* path, const char* text) noexcept {
  const descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text, std::strlen(text)) == static_cast<ssize_t>(std::strlen(text));
}

/// As readdir gives it, for file systems that leave it out there.
unsigned char type_of(const char* path) noexcept {
  struct stat status {};
  const auto type = ::lstat(path, &status) == 0 ? IFTODT(status.st_mode) : static_cast<mode_t>(DT_UNKNOWN);
  return static_cast<unsigned char>(type);
}

bool make_read_only(int folder, const char* path, unsigned flags) noexcept {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
  return ::mount_setattr(folder, path, flags | AT_RECURSIVE, &attributes, sizeof(attributes)) == 0;
}

/// Builds the root step by step; the first step that fails is kept with its errno.
class root_builder {
 public:
  root_builder(root_outcome& outcome, descriptor& machine) noexcept : outcome_(outcome), machine_(machine) {}

  bool map_user(uid_t user, gid_t group) noexcept {
    char text[48];
    write_file("/proc/self/setgroups", "deny");
    std::snprintf(text, sizeof(text), "%u %u 1", user, user);
    if (!write_file("/proc/self/uid_map", text)) {
      return fail(start_step::user_mapping, "/proc/self/uid_map");
    }
    std::snprintf(text, sizeof(text), "%u %u 1", group, group);
    return write_file("/proc/self/gid_map", text) || fail(start_step::user_mapping, "/proc/self/gid_map");
  }

  /// All that any function sees.
  bool build(bool user_namespace) noexcept {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      return fail(start_step::private_mounts, "/");
    }
    machine_.reset(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return make_root() && bind_machine() && make_devices() && close_and_fill() && change_root() &&
           (user_namespace || protect_machine());
  }

  /// What is one function's own.
  bool furnish(const root_plan& plan) noexcept {
    return bind_folder(plan.code_folder, plan.code_identity, "/var/task", start_step::code_folder) &&
           (*plan.layer_folder == '\0' ||
            bind_folder(plan.layer_folder, plan.layer_identity, "/opt", start_step::layer_folder)) &&
           (*plan.program_snapshot == '\0' || lay_over(plan.program_snapshot, plan.program) ||
            bind_file(plan.program_snapshot, plan.program)) &&
           put_tmp(plan);
  }

  /// Takes away what would let the function undo or step around all this.
  bool disarm(bool user_namespace) noexcept {
    machine_.reset();
    for (int capability = 0;; ++capability) {
      const bool left =
          std::find(capabilities_left.begin(), capabilities_left.end(), capability) != capabilities_left.end();
      if (left) {
        continue;
      }
      if (::prctl(PR_CAPBSET_DROP, capability) != 0) {
        if (errno == EINVAL) {
          break;  // Behind the last one that this kernel has.
        }
        return fail(start_step::capabilities, "");
      }
    }
    if (!user_namespace) {
      return true;
    }
    // AWS: Lambda quotas. Counted per user, so it would meet the user's own processes outside a user namespace.
    const rlimit processes{limits::process_count, limits::process_count};
    rlimit present{};
    ::getrlimit(RLIMIT_NPROC, &present);
    return present.rlim_max < processes.rlim_max || ::setrlimit(RLIMIT_NPROC, &processes) == 0 ||
           fail(start_step::process_limit, "");
  }

 private:
  bool fail(start_step step, const char* subject) noexcept {
    outcome_.error = errno;
    outcome_.step = step;
    std::memcpy(outcome_.subject, subject, std::min(std::strlen(subject), sizeof(outcome_.subject) - 1));
    return false;
  }

  bool make_root() noexcept {
    return (::mount("kelvin", building_site, "tmpfs", MS_NOSUID, "mode=0755,size=1m") == 0 &&
            ::chdir(building_site) == 0) ||
           fail(start_step::new_root, building_site);
  }

  bool bind_machine() noexcept {
    constexpr std::array<std::string_view, 6> own = {"proc", "tmp", "dev", "opt", "var", "lost+found"};
    constexpr std::array<std::string_view, 1> own_of_var = {"task"};
    if (!show_folders("/", "", own.data(), own.size())) {
      return false;
    }
    for (const char* folder : {"proc", "tmp", "dev", "opt", "var", "var/task"}) {
      if (::mkdir(folder, 0755) != 0) {
        return fail(start_step::new_root, folder);
      }
    }
    if (!show_folders("/var/", "var/", own_of_var.data(), own_of_var.size())) {
      return false;
    }
    return ::mkdir("var/runtime", 0755) == 0 || errno == EEXIST || fail(start_step::new_root, "var/runtime");
  }

  /// Shows what a folder of the machine holds, but for what the root has of its own: folders bound with
  /// all that is mounted in them, links as they are. A folder that is not there shows nothing.
  bool show_folders(const char* from, const char* to, const std::string_view* own, std::size_t own_count) noexcept {
    DIR* stream = ::opendir(from);
    if (stream == nullptr) {
      return true;
    }
    bool shown = true;
    for (const dirent* entry; shown && (entry = ::readdir(stream)) != nullptr;) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == ".." || std::find(own, own + own_count, name) != own + own_count) {
        continue;
      }
      char source[300];
      char target[300];
      std::snprintf(source, sizeof(source), "%s%s", from, entry->d_name);
      std::snprintf(target, sizeof(target), "%s%s", to, entry->d_name);
      shown = show(source, target, entry->d_type != DT_UNKNOWN ? entry->d_type : type_of(source));
    }
    ::closedir(stream);
    return shown;
  }

  bool show(const char* source, const char* target, unsigned char type) noexcept {
    if (type == DT_LNK) {
      char link[4096];
      const ssize_t bytes = ::readlink(source, link, sizeof(link) - 1);
      if (bytes < 0) {
        return true;
      }
      link[bytes] = '\0';
      return ::symlink(link, target) == 0 || fail(start_step::new_root, source);
    }
    if (type != DT_DIR) {
      return true;
    }
    return (::mkdir(target, 0755) == 0 && ::mount(source, target, nullptr, MS_BIND | MS_REC, nullptr) == 0) ||
           fail(start_step::bind_folder, source);
  }

  /// The path is the machine's, as are the links in it; the machine's root lies covered below the new one.
  bool bind_folder(const char* path, const file_identity& expected, const char* target, start_step step) noexcept {
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    const descriptor folder(static_cast<int>(::syscall(SYS_openat2, machine_.get(), path, &how, sizeof(how))));
    if (!folder) {
      return fail(step, path);
    }
    if (expected.inode != 0 && identity_of(folder.get(), "") != expected) {
      errno = ESTALE;
      return fail(step, path);
    }
    const descriptor tree(
        ::open_tree(folder.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH));
    return (tree && make_read_only(tree.get(), "", AT_EMPTY_PATH) &&
            ::move_mount(tree.get(), "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0) ||
           fail(step, path);
  }

  /// Covers the program's folder by itself with the snapshot, which lies alone in its folder under the program's name,
  /// in the program's place. Unlike what is bound over the program it is there also when the program is being replaced
  /// or is gone: a mount comes off what somebody renames over or removes. False where there is no overlay file system.
  bool lay_over(const char* snapshot, const char* program) noexcept {
    const std::string_view from(snapshot), to(program);
    const std::size_t from_size = from.rfind('/');
    const std::size_t to_size = to.rfind('/');
    char folder[4096];
    char target[4096];
    if (from.substr(from_size) != to.substr(to_size) || from_size >= sizeof(folder) || to_size >= sizeof(target)) {
      return false;
    }
    std::snprintf(folder, sizeof(folder), "%.*s", static_cast<int>(from_size), snapshot);
    std::snprintf(target, sizeof(target), "%.*s", static_cast<int>(to_size), program);
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    const descriptor upper(static_cast<int>(::syscall(SYS_openat2, machine_.get(), folder, &how, sizeof(how))));
    char layers[4200];
    std::snprintf(layers, sizeof(layers), "lowerdir=/proc/self/fd/%d:%s", upper.get(), target);
    return upper && ::mount("kelvin", target, "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV, layers) == 0;
  }

  bool bind_file(const char* path, const char* target) noexcept {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    const descriptor file(static_cast<int>(::syscall(SYS_openat2, machine_.get(), path, &how, sizeof(how))));
    const descriptor mount(file ? ::open_tree(file.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH)
                                : -1);
    return (mount && make_read_only(mount.get(), "", AT_EMPTY_PATH) &&
            ::move_mount(mount.get(), "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0) ||
           fail(start_step::program_snapshot, target);
  }

  bool make_devices() noexcept {
    for (const char* device : devices) {
      char source[32];
      std::snprintf(source, sizeof(source), "/dev/%s", device);
      const descriptor place(::open(source + 1, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
      if (!place || ::mount(source, source + 1, nullptr, MS_BIND, nullptr) != 0) {
        return fail(start_step::devices, source);
      }
    }
    // Read-only like the rest: AWS offers no shared memory there either.
    const bool made = ::mkdir("dev/shm", 0755) == 0 && ::symlink("/proc/self/fd", "dev/fd") == 0 &&
                      ::symlink("/proc/self/fd/0", "dev/stdin") == 0 &&
                      ::symlink("/proc/self/fd/1", "dev/stdout") == 0 &&
                      ::symlink("/proc/self/fd/2", "dev/stderr") == 0;
    return made || fail(start_step::devices, "/dev");
  }

  /// Makes what is there read-only, then adds what is not.
  bool close_and_fill() noexcept {
    if (!make_read_only(AT_FDCWD, ".", 0)) {
      return fail(start_step::read_only, "/");
    }
    // The machine's own /proc must still be in the namespace, or the kernel refuses a user namespace a new one.
    if (::mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
      return fail(start_step::process_file_system, "/proc");
    }
    return true;
  }

  bool put_tmp(const root_plan& plan) noexcept {
    // A kept /tmp is lost with a keeper that was killed while it built a root: then a new one takes its place.
    if ((plan.kept_tmp < 0 || ::move_mount(plan.kept_tmp, "", AT_FDCWD, "/tmp", MOVE_MOUNT_F_EMPTY_PATH) != 0) &&
        !make_tmp(plan.tmp_bytes)) {
      return fail(start_step::private_tmp, "/tmp");
    }
    outcome_.kept_tmp.reset(::open_tree(AT_FDCWD, "/tmp", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    return outcome_.kept_tmp || fail(start_step::private_tmp, "/tmp");
  }

  bool make_tmp(std::uint64_t size_bytes) noexcept {
    char options[64];
    std::snprintf(options, sizeof(options), "mode=1777,size=%llu", static_cast<unsigned long long>(size_bytes));
    return ::mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
  }

  /// Moves the new root over the old one. pivot_root would let go of the old one, but to unmount it waits
  /// for every processor: 0.3 ms, and tens on a busy machine. Covered, it is as far out of reach: no path
  /// leads below the root of a mount namespace, and nobody inside may unmount what covers it.
  bool change_root() noexcept {
    const bool changed = ::mount(".", "/", nullptr, MS_MOVE, nullptr) == 0 && ::chroot(".") == 0 && ::chdir("/") == 0;
    return changed || fail(start_step::change_root, "/");
  }

  bool protect_machine() noexcept {
    for (const char* control : machine_controls) {
      const descriptor copy(::open_tree(AT_FDCWD, control, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
      if (!copy && errno == ENOENT) {
        continue;
      }
      if (!copy || !make_read_only(copy.get(), "", AT_EMPTY_PATH) ||
          ::move_mount(copy.get(), "", AT_FDCWD, control, MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        return fail(start_step::read_only, control);
      }
    }
    return true;
  }

  root_outcome& outcome_;
  descriptor& machine_;
};

}  // namespace

file_identity identity_of(int folder, const char* path) noexcept {
  struct stat status {};
  return ::fstatat(folder, path, &status, AT_EMPTY_PATH) == 0 ? file_identity{status.st_dev, status.st_ino}
                                                              : file_identity{};
}

unsigned long namespaces_needed() noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct held[2] = {};
  const bool may_mount = ::syscall(SYS_capget, &header, held) == 0 && (held[0].effective & (1U << CAP_SYS_ADMIN)) != 0;
  return CLONE_NEWNS | CLONE_NEWPID | (may_mount ? 0UL : static_cast<unsigned long>(CLONE_NEWUSER));
}

keeper_report to_report(const root_outcome& outcome) noexcept {
  keeper_report report;
  report.kind = outcome.step == start_step::none ? report_kind::started : report_kind::failed;
  report.step = outcome.step;
  report.error = outcome.error;
  std::memcpy(report.subject, outcome.subject, sizeof(report.subject));
  return report;
}

bool isolated_root::build(unsigned long namespaces, uid_t user, gid_t group) noexcept {
  user_namespace_ = (namespaces & CLONE_NEWUSER) != 0;
  root_builder builder(outcome_, machine_);
  // Modes are what the calls say.
  const mode_t mask = ::umask(0);
  const bool complete = (!user_namespace_ || builder.map_user(user, group)) && builder.build(user_namespace_);
  ::umask(mask);
  return complete;
}

bool isolated_root::enter(const root_plan& plan) noexcept {
  root_builder builder(outcome_, machine_);
  return outcome_.step == start_step::none && builder.furnish(plan) && builder.disarm(user_namespace_);
}

const char* describe_isolation_step(start_step step) noexcept {
  switch (step) {
    case start_step::namespaces: return "making new namespaces";
    case start_step::user_mapping: return "mapping the user in a new user namespace";
    case start_step::private_mounts: return "making mounts private";
    case start_step::new_root: return "building a new root";
    case start_step::bind_folder: return "binding a folder into the new root";
    case start_step::code_folder: return "binding the code folder at /var/task";
    case start_step::layer_folder: return "binding the layers at /opt";
    case start_step::program_snapshot: return "binding this version's snapshot over";
    case start_step::devices: return "binding devices";
    case start_step::read_only: return "making mounts read-only (mount_setattr, Linux 5.12)";
    case start_step::process_file_system: return "mounting a new /proc";
    case start_step::private_tmp: return "mounting a private /tmp";
    case start_step::change_root: return "changing the root";
    case start_step::capabilities: return "dropping capabilities";
    case start_step::process_limit: return "bounding processes (RLIMIT_NPROC)";
    case start_step::first_process: return "running the first process of the new namespaces";
    default: return nullptr;
  }
}

}  // namespace kelvin
