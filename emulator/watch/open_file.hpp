#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace kelvin {

/// One file that is open as long as this lives.
class open_file {
 public:
  /// `get()` is -1 and errno says why if it cannot be opened. Never waits, also not for a pipe's other end.
  explicit open_file(const std::string& path, int flags = O_RDONLY, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, mode)) {}
  open_file(open_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() { close(); }

  int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  void close() noexcept {
    if (descriptor_ >= 0) {
      ::close(std::exchange(descriptor_, -1));
    }
  }

 private:
  int descriptor_;
};

}  // namespace kelvin
