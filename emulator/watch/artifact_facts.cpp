#include "emulator/watch/artifact_facts.hpp"

#include "emulator/watch/open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace kelvin {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

wholeness judge_open_file(int descriptor, std::uint64_t size_bytes) {
  return judge_wholeness(size_bytes, [descriptor](std::uint64_t offset, std::span<std::byte> into) {
    return ::pread(descriptor, into.data(), into.size(), static_cast<off_t>(offset)) ==
           static_cast<ssize_t>(into.size());
  });
}

}  // namespace

writer_state find_writer(int descriptor) {
  // A read lease is refused while the file is open for writing, by the same count that makes exec fail with "text
  // file busy". It is given back at once; whoever opens the file just then waits until it is. The kernel would tell
  // us so by SIGIO, which ends a process: SIGURG is ignored unless somebody asks for it.
  if (::fcntl(descriptor, F_SETSIG, SIGURG) != 0) {
    return writer_state::unknown;
  }
  if (::fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return writer_state::none;
  }
  return errno == EAGAIN ? writer_state::open : writer_state::unknown;
}

artifact_facts look_at_open_artifact(int descriptor, artifact_kind kind) {
  artifact_facts facts;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    return facts;
  }
  facts.exists = true;
  facts.is_regular = S_ISREG(status.st_mode);
  facts.is_executable = (status.st_mode & 0111) != 0;
  facts.device = status.st_dev;
  facts.inode = status.st_ino;
  facts.mode = status.st_mode & 07777;
  facts.size_bytes = facts.is_regular ? static_cast<std::uint64_t>(status.st_size) : 0;
  facts.modified_ns = nanoseconds(status.st_mtim);
  facts.status_changed_ns = nanoseconds(status.st_ctim);
  if (facts.is_regular && kind != artifact_kind::document) {
    facts.writer = find_writer(descriptor);
    facts.whole = judge_open_file(descriptor, facts.size_bytes);
  }
  return facts;
}

result<artifact_facts> look_at_artifact(const std::string& path, artifact_kind kind) {
  const open_file file(path);
  if (file) {
    return look_at_open_artifact(file.get(), kind);
  }
  const int error = errno;
  if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
    return artifact_facts{};
  }
  return fail(error == EACCES || error == EPERM ? errc::permission_denied : errc::system_failure,
              "cannot read " + path + ": " + std::strerror(error));
}

}  // namespace kelvin
