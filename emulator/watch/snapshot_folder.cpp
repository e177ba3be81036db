#include "emulator/watch/snapshot_folder.hpp"

#include "emulator/watch/artifact_settling.hpp"
#include "emulator/watch/open_file.hpp"
#include "emulator/watch/watch_limits.hpp"

#include <boost/asio/post.hpp>

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

/// The original, open, and the copy as far as it is.
struct copying {
  copying(std::string from, std::string to)
      : source_path(std::move(from)),
        folder(std::move(to)),
        path(folder + source_path.substr(source_path.rfind('/'))),
        source(source_path),
        source_error(source ? 0 : errno),
        folder_error(source && ::mkdir(folder.c_str(), 0755) != 0 ? errno : 0),
        target(source && folder_error == 0 ? open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600) : open_file("")),
        target_error(target ? 0 : (folder_error != 0 ? folder_error : errno)) {}
  copying(const copying&) = delete;
  copying& operator=(const copying&) = delete;
  ~copying() {
    if (target && !is_kept) {
      ::unlink(path.c_str());
    }
    if (source && folder_error == 0 && !is_kept) {
      ::rmdir(folder.c_str());
    }
  }

  std::string source_path;
  std::string folder;
  std::string path;
  open_file source;
  int source_error;
  int folder_error;
  open_file target;
  int target_error;
  std::vector<char> buffer;  ///< empty while copy_file_range() does
  bool by_buffer = false;
  bool is_kept = false;
};

failure cannot_open_source(const std::string& path, int error) {
  const std::string detail = "cannot read " + path + " to take a snapshot of it: " + std::strerror(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP: return fail(errc::not_found, detail);
    case EACCES:
    case EPERM: return fail(errc::permission_denied, detail + "; kelvin must be allowed to read it");
    default: return fail(errc::system_failure, detail);
  }
}

failure cannot_write(const copying& copy, std::uint64_t size_bytes, int error) {
  const std::string folder = copy.folder.substr(0, copy.folder.rfind('/'));
  const std::string what = "cannot take a snapshot of " + copy.source_path + " in " + folder + ": ";
  if (error == ENOSPC || error == EDQUOT) {
    struct statvfs space {};
    const bool is_known = ::statvfs(folder.c_str(), &space) == 0;
    return fail(errc::limit_reached,
                what + "the disk is full; " + std::to_string(size_bytes) + " bytes are needed" +
                    (is_known ? ", " + std::to_string(space.f_bavail * space.f_frsize) + " are free" : "") +
                    "; free some, or set TMPDIR to a folder on another disk");
  }
  const bool is_denied = error == EACCES || error == EPERM || error == EROFS;
  return fail(is_denied ? errc::permission_denied : errc::system_failure, what + std::strerror(error));
}

/// Why the original cannot be copied as it is.
std::optional<failure> find_problem(const std::string& source, const artifact_facts& facts) {
  if (!facts.is_regular) {
    return fail(errc::invalid_argument, "cannot take a snapshot of " + source + ": it is not a regular file");
  }
  if (const settle_reason reason = find_obstacle(facts, artifact_kind::program); reason != settle_reason::none) {
    return fail(errc::invalid_state,
                "no snapshot of " + source + " can be taken now: " + std::string(describe(reason)));
  }
  return std::nullopt;
}

/// Copies at most `bytes` from where both files stand; how many were, 0 at the original's end, -1 with errno set.
ssize_t copy_some(copying& copy, std::size_t bytes) {
  if (!copy.by_buffer) {
    const ssize_t count = ::copy_file_range(copy.source.get(), nullptr, copy.target.get(), nullptr, bytes, 0);
    if (count >= 0 || (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)) {
      return count;
    }
    copy.by_buffer = true;
    copy.buffer.resize(buffer_bytes);
  }
  const ssize_t count = ::read(copy.source.get(), copy.buffer.data(), std::min(bytes, copy.buffer.size()));
  for (ssize_t written = 0; written < count;) {
    const ssize_t more =
        ::write(copy.target.get(), copy.buffer.data() + written, static_cast<std::size_t>(count - written));
    if (more < 0 && errno != EINTR) {
      return -1;
    }
    written += std::max<ssize_t>(more, 0);
  }
  return count;
}

/// Copies the next piece; how many bytes it has, less than asked for at the original's end. Errno on failure.
boost::system::result<std::uint64_t> copy_piece(copying& copy, std::uint64_t bytes) {
  std::uint64_t copied = 0;
  while (copied < bytes) {
    const ssize_t count = copy_some(copy, bytes - copied);
    if (count == 0) {
      break;
    }
    if (count < 0 && errno != EINTR) {
      return boost::system::error_code(errno, boost::system::system_category());
    }
    copied += static_cast<std::uint64_t>(std::max<ssize_t>(count, 0));
  }
  return copied;
}

/// Copies up to `size_bytes`, fewer if the original has become shorter. 0, or errno.
awaitable<int> copy_content(copying& copy, std::uint64_t size_bytes) {
  for (std::uint64_t copied = 0; copied < size_bytes;) {
    const std::uint64_t wanted = std::min(limits::snapshot_piece_bytes, size_bytes - copied);
    const auto count = copy_piece(copy, wanted);
    if (!count) {
      co_return count.error().value();
    }
    copied += *count;
    if (*count < wanted) {
      co_return 0;
    }
    if (copied < size_bytes) {
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, use_awaitable);
    }
  }
  co_return 0;
}

}  // namespace

snapshot::snapshot(std::string path, artifact_facts source, bool is_shared)
    : path_(std::move(path)), source_(source), is_shared_(is_shared) {}

snapshot::~snapshot() {
  ::unlink(path_.c_str());
  ::rmdir(path_.substr(0, path_.rfind('/')).c_str());
}

awaitable<result<std::shared_ptr<const snapshot>>> snapshot_folder::take(std::string source) {
  for (int attempt = 0; attempt < limits::snapshot_attempts; ++attempt) {
    copying copy(source, path_ + "/" + std::to_string(++count_));
    if (!copy.source) {
      co_return cannot_open_source(source, copy.source_error);
    }
    if (!copy.target) {
      co_return cannot_write(copy, 0, copy.target_error);
    }
    const artifact_facts before = look_at_open_artifact(copy.source.get(), artifact_kind::program);
    if (auto problem = find_problem(source, before)) {
      co_return *std::move(problem);
    }
    const bool is_shared = ::ioctl(copy.target.get(), FICLONE, copy.source.get()) == 0;
    if (!is_shared) {
      if (const int error = co_await copy_content(copy, before.size_bytes); error != 0) {
        co_return cannot_write(copy, before.size_bytes, error);
      }
    }
    if (look_at_open_artifact(copy.source.get(), artifact_kind::program) != before) {
      continue;
    }
    if (::fchmod(copy.target.get(), before.mode & 0777) != 0) {
      co_return cannot_write(copy, before.size_bytes, errno);
    }
    copy.is_kept = true;
    copy.target.close();
    co_return std::make_shared<const snapshot>(copy.path, before, is_shared);
  }
  co_return fail(errc::invalid_state, "no snapshot of " + source + " can be taken now: it changed " +
                                          std::to_string(limits::snapshot_attempts) +
                                          " times while it was copied; the next change is waited for");
}

}  // namespace kelvin
