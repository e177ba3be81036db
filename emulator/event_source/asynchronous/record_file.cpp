#include "emulator/event_source/asynchronous/record_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace kelvin {
namespace {

/// Non-blocking, so that a named pipe without a reader is an error and not a standstill.
int open_file(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
}

failure write_failure(const std::string& path, int reason) {
  return fail(errc::system_failure, "cannot write to " + path + ": " + std::strerror(reason) +
                                        ". Name a file in a folder that is there and writable");
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

result<void> append_record(const std::string& path, std::string document) {
  const int descriptor = open_file(path);
  if (descriptor < 0) {
    return write_failure(path, errno);
  }
  std::replace_if(
      document.begin(), document.end(), [](char each) { return each == '\n' || each == '\r'; }, ' ');
  document.push_back('\n');
  const int reason = write_all(descriptor, document);
  ::close(descriptor);
  if (reason != 0) {
    return write_failure(path, reason);
  }
  return {};
}

result<void> check_record_file(const std::string& path) {
  const int descriptor = open_file(path);
  if (descriptor < 0) {
    return write_failure(path, errno);
  }
  ::close(descriptor);
  return {};
}

}  // namespace kelvin
