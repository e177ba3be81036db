#include "emulator/function/code_artifact.hpp"

#include "emulator/function/unzip.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

// The digest alone: OpenSSL's replacement for these calls brings 3.6 MB of algorithms into a static binary.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

/// So much is hashed before the loop goes on: well under a millisecond.
constexpr std::size_t piece_bytes = 256 * 1024;
/// So many files of a folder are looked at for the newest; more would hold up the loop.
constexpr std::size_t files_looked_at = 1000;

std::int64_t modified_ns(const struct stat& of) {
  return static_cast<std::int64_t>(of.st_mtim.tv_sec) * 1'000'000'000 + of.st_mtim.tv_nsec;
}

std::string artifact_path(const function_configuration& function) {
  std::error_code error;
  const bool is_file = fs::is_regular_file(function.target, error);
  return is_file && is_zip(function.target) ? function.target : function.bootstrap;
}

/// The newest time of modification of a file below the folder; at least `newest`.
std::int64_t newest_below(const std::string& path, std::int64_t newest) {
  struct stat facts {};
  std::error_code error;
  std::size_t seen = 0;
  fs::recursive_directory_iterator item(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && item != fs::end(item) && seen < files_looked_at; item.increment(error), ++seen) {
    if (::stat(item->path().c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) {
      newest = std::max(newest, modified_ns(facts));
    }
  }
  return newest;
}

failure read_failure(const std::string& path, int reason) {
  return fail(errc::system_failure, "cannot read the function's code, " + path + ": " + std::strerror(reason) +
                                        ". Put it back, or build it again");
}

class open_file {
 public:
  explicit open_file(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~open_file() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

awaitable<result<code_artifact>> hash_file(std::string path) {
  const open_file file(path);
  if (file.descriptor() < 0) {
    co_return read_failure(path, errno);
  }
  code_artifact artifact;
  const auto piece = std::make_unique<char[]>(piece_bytes);
  SHA256_CTX digest;
  SHA256_Init(&digest);
  for (;;) {
    const ssize_t count = ::read(file.descriptor(), piece.get(), piece_bytes);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      co_return read_failure(path, errno);
    }
    if (count == 0) {
      break;
    }
    SHA256_Update(&digest, piece.get(), static_cast<std::size_t>(count));
    artifact.size_bytes += static_cast<std::uint64_t>(count);
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, use_awaitable);
  }
  SHA256_Final(artifact.sha256.data(), &digest);
  artifact.path = std::move(path);
  co_return artifact;
}

}  // namespace

awaitable<result<code_artifact>> code_artifacts::measure(const function_configuration& function) {
  std::string path = artifact_path(function);
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    co_return read_failure(path, errno);
  }
  const std::int64_t modified = modified_ns(facts);
  std::error_code error;
  const bool named_folder = path == function.bootstrap && fs::is_directory(function.target, error);
  const std::int64_t newest = named_folder ? newest_below(function.code_folder, modified) : modified;
  const auto kept = by_path_.find(path);
  const bool fresh = kept != by_path_.end() && kept->second.modified_ns == modified &&
                     kept->second.artifact.size_bytes == static_cast<std::uint64_t>(facts.st_size);
  if (!fresh) {
    auto hashed = co_await hash_file(path);
    if (!hashed) {
      co_return hashed.error();
    }
    by_path_.insert_or_assign(path, measured{modified, std::move(*hashed)});
  }
  code_artifact artifact = by_path_.at(path).artifact;
  artifact.last_modified = wall_time(std::chrono::duration_cast<wall_time::duration>(std::chrono::nanoseconds(newest)));
  co_return artifact;
}

}  // namespace kelvin
