#include "emulator/sandbox/spawner_process.hpp"

#include "emulator/sandbox/control_groups.hpp"
#include "emulator/sandbox/keeper.hpp"
#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/process_tree.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <vector>

namespace kelvin {
namespace {

/// No signal may stop or end the process but SIGKILL and SIGSTOP: all are blocked. The dispositions
/// matter to the children, which inherit ignored ones.
void shut_out_signals() noexcept {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  // Who waits for ends must not wake each time that a child is stopped or continued to hold its CPU share.
  standard.sa_flags = SA_NOCLDSTOP;
  for (int number = 1; number < NSIG; ++number) {
    ::sigaction(number, &standard, nullptr);
  }
}

void close_above(int lowest_closed) noexcept {
  if (::close_range(static_cast<unsigned>(lowest_closed), ~0U, 0) == 0) {
    return;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1 << 20));
  for (int number = lowest_closed; number < end; ++number) {
    ::close(number);
  }
}

/// Leaves standard error and the link, as descriptor 3, and makes sure that 0, 1 and 2 are taken.
int keep_only(int link) noexcept {
  const int above = ::fcntl(link, F_DUPFD, 4);
  ::dup3(above, 3, O_CLOEXEC);
  close_above(4);
  const int null_device = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(null_device, STDIN_FILENO);
  ::dup2(null_device, STDOUT_FILENO);
  if (::fcntl(STDERR_FILENO, F_GETFD) < 0) {
    ::dup2(null_device, STDERR_FILENO);
  }
  if (null_device > 3) {
    ::close(null_device);
  }
  return 3;
}

void remove_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) {
    return;
  }
  // Unpacked code may hold folders without write permission.
  for (auto entry = fs::recursive_directory_iterator(path, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
      fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
  fs::remove_all(path, error);
}

class spawner_loop {
 public:
  spawner_loop(int link, const std::string& scratch_folder, const control_groups& groups)
      : link_(link), scratch_folder_(scratch_folder), groups_(groups) {
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    signals_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  [[noreturn]] void run() {
    for (;;) {
      std::array<pollfd, 2> ready{{{closing_ ? -1 : link_, POLLIN, 0}, {signals_, POLLIN, 0}}};
      ::poll(ready.data(), ready.size(), hunting_ ? 10 : -1);
      if (ready[1].revents != 0 || hunting_) {
        signalfd_siginfo ignored;
        [[maybe_unused]] const ssize_t bytes = ::read(signals_, &ignored, sizeof(ignored));
        reap();
        kill_orphans();
      }
      if (ready[0].revents != 0) {
        take_request();
      }
    }
  }

 private:
  void take_request() {
    char byte;
    std::array<int, 1> socket{-1};
    const received_packet received = receive_packet(link_, {&byte, 1}, socket, 0);
    if (received.bytes > 0 && received.descriptor_count == 1) {
      fork_keeper(socket[0]);
      ::close(socket[0]);
    } else if (received.bytes <= 0) {
      // Kept open to the last moment: by its end kelvin learns that the spawner is done.
      closing_ = true;
      hunting_ = true;
      reap();
    }
  }

  void fork_keeper(int socket) {
    const pid_t process = ::fork();
    if (process == 0) {
      ::close(link_);
      ::close(signals_);
      run_keeper(socket, groups_);
    }
    if (process > 0) {
      keepers_.push_back(process);
      return;
    }
    keeper_report refused;
    refused.kind = report_kind::failed;
    refused.step = start_step::fork;
    refused.error = errno;
    send_packet(socket, {reinterpret_cast<const char*>(&refused), sizeof(refused)});
  }

  void reap() {
    for (;;) {
      int status = 0;
      const pid_t process = ::wait4(-1, &status, WNOHANG | __WALL, nullptr);
      if (process < 0 && closing_) {
        finish();
      }
      if (process <= 0) {
        return;
      }
      // A keeper that ends in order leaves nobody behind.
      hunting_ = hunting_ || status != 0;
      if (std::erase(keepers_, process) != 0) {
        gone_.push_back(process);
      }
      // A keeper that was killed leaves processes in its groups, which are killed first.
      std::erase_if(gone_, [this](pid_t keeper) { return groups_.remove(keeper); });
    }
  }

  /// Whoever is a child of the spawner without being a keeper lost its own.
  void kill_orphans() {
    if (!hunting_) {
      return;
    }
    std::vector<pid_t> orphans;
    append_children(::getpid(), orphans);
    std::erase_if(orphans, [this](pid_t process) { return std::ranges::count(keepers_, process) != 0; });
    hunting_ = !orphans.empty();
    for (const pid_t orphan : orphans) {
      ::kill(orphan, SIGKILL);
      signal_descendants(orphan, SIGKILL);
    }
  }

  [[noreturn]] void finish() {
    groups_.remove_all();
    if (!scratch_folder_.empty()) {
      remove_folder(scratch_folder_);
    }
    ::_exit(0);
  }

  int link_;
  int signals_ = -1;
  const std::string& scratch_folder_;
  const control_groups& groups_;
  std::vector<pid_t> keepers_;
  std::vector<pid_t> gone_;  ///< keepers whose control groups are still to be removed
  bool hunting_ = false;     ///< there may be children that are no keepers
  bool closing_ = false;     ///< kelvin is gone or at its end
};

}  // namespace

void run_spawner(int link, const std::string& scratch_folder, const control_groups& groups) noexcept {
  shut_out_signals();
  ::prctl(PR_SET_NAME, "kelvin-spawner");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Whoever kills kelvin by its process group must not take the processes that clean up with it.
  ::setpgid(0, 0);
  spawner_loop(keep_only(link), scratch_folder, groups).run();
}

}  // namespace kelvin
