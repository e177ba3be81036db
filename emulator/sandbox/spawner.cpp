#include "emulator/sandbox/spawner.hpp"

#include "emulator/sandbox/keeper_message.hpp"
#include "emulator/sandbox/spawner_process.hpp"
#include "emulator/sandbox/start_failure.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace kelvin {
namespace {

/// How long kelvin waits at its end for the spawner to clean up.
constexpr int end_wait_ms = 10'000;

}  // namespace

result<spawner> spawner::fork_early(std::string scratch_folder, control_groups groups) {
  if (!scratch_folder.empty() && (scratch_folder.front() != '/' || scratch_folder == "/")) {
    return fail(errc::invalid_argument,
                "the scratch folder '" + scratch_folder + "' is not an absolute path below /; give one that is");
  }
  spawner made(std::move(scratch_folder), std::move(groups));
  if (auto forked = made.restart(); !forked) {
    return forked.error();
  }
  return made;
}

spawner::spawner(spawner&& other) noexcept
    : scratch_folder_(std::move(other.scratch_folder_)),
      groups_(std::move(other.groups_)),
      link_(std::move(other.link_)),
      process_id_(std::exchange(other.process_id_, 0)) {}

spawner& spawner::operator=(spawner&& other) noexcept {
  if (this != &other) {
    end();
    scratch_folder_ = std::move(other.scratch_folder_);
    groups_ = std::move(other.groups_);
    link_ = std::move(other.link_);
    process_id_ = std::exchange(other.process_id_, 0);
  }
  return *this;
}

spawner::~spawner() {
  end();
}

void spawner::end() noexcept {
  if (process_id_ == 0) {
    return;
  }
  ::shutdown(link_.get(), SHUT_WR);
  pollfd ended{link_.get(), POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&ended, 1, end_wait_ms);
  } while (ready < 0 && errno == EINTR);
  if (ready > 0) {
    ::waitpid(process_id_, nullptr, 0);
  }
  process_id_ = 0;
  link_.reset();
}

result<void> spawner::restart() {
  if (process_id_ != 0) {
    // Ours and not reaped, so the number is nobody else's.
    ::kill(process_id_, SIGKILL);
    ::waitpid(process_id_, nullptr, 0);
    process_id_ = 0;
  }
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return call_failure("socketpair", errno);
  }
  link_.reset(ends[0]);
  const descriptor other_end(ends[1]);
  // The child must not run a signal handler of kelvin's, which would speak for kelvin.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t process = ::fork();
  const int error = errno;
  if (process == 0) {
    run_spawner(other_end.get(), scratch_folder_, groups_);
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (process < 0) {
    return call_failure("fork", error);
  }
  process_id_ = process;
  return {};
}

result<descriptor> spawner::request_keeper() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return call_failure("socketpair", errno);
  }
  descriptor ours(ends[0]);
  const descriptor theirs(ends[1]);
  // Only our end: the flag belongs to the end, and the keeper wants to wait on its own.
  if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) {
    return call_failure("fcntl", errno);
  }
  const std::array<int, 1> passed{theirs.get()};
  int error = send_packet(link_.get(), "k", passed);
  if (error != 0) {
    if (auto forked = restart(); !forked) {
      return forked.error();
    }
    error = send_packet(link_.get(), "k", passed);
  }
  if (error != 0) {
    return call_failure("sendmsg to kelvin-spawner", error);
  }
  return ours;
}

}  // namespace kelvin
