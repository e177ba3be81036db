#include "emulator/inspect/package.hpp"

#include "emulator/function/unzip.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace kelvin::inspection {
namespace {

namespace fs = std::filesystem;

failure cannot_read(const std::string& path, int reason) {
  const errc code = reason == ENOENT || reason == ENOTDIR ? errc::not_found
                    : reason == EACCES || reason == EPERM ? errc::permission_denied
                                                          : errc::system_failure;
  return fail(code, "cannot read " + path + ": " + std::strerror(reason));
}

void add(package& to, std::string name, const struct stat& status) {
  package_file file;
  file.name = std::move(name);
  file.size_bytes = static_cast<std::uint64_t>(status.st_size);
  file.mode = status.st_mode;
  to.unpacked_bytes += file.size_bytes;
  to.files.push_back(std::move(file));
}

result<void> list_folder(package& into) {
  std::error_code error;
  fs::recursive_directory_iterator item(into.path, error);
  for (; !error && item != fs::end(item); item.increment(error)) {
    struct stat status {};
    // A link to nowhere is no file; one to a folder is not walked into, as zip does not without being told.
    if (::stat(item->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
      continue;
    }
    if (into.files.size() >= zip_entries) {
      return fail(errc::limit_reached, into.path + " holds more than " + std::to_string(zip_entries) +
                                           " files; is it the folder that you would upload?");
    }
    add(into, item->path().lexically_relative(into.path).string(), status);
  }
  return error ? result<void>(cannot_read(into.path, error.value())) : result<void>();
}

result<std::string> read_plain(const std::string& path, std::uint64_t limit_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return cannot_read(path, errno);
  }
  std::string content;
  constexpr std::size_t piece_bytes = 1024 * 1024;
  for (;;) {
    const std::size_t filled = content.size();
    const std::uint64_t wanted = std::min<std::uint64_t>(piece_bytes, limit_bytes - filled);
    content.resize(filled + wanted);
    const ssize_t count = wanted == 0 ? 0 : ::read(descriptor, content.data() + filled, wanted);
    const int reason = errno;
    content.resize(filled + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && reason == EINTR) {
      continue;
    }
    if (count <= 0) {
      ::close(descriptor);
      return count == 0 ? result<std::string>(std::move(content)) : cannot_read(path, reason);
    }
  }
}

}  // namespace

result<package> list_package(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return errno == ENOENT
               ? fail(errc::not_found, path + " does not exist; name a bootstrap file, a folder, a .zip or a template")
               : cannot_read(path, errno);
  }
  package made;
  made.path = path;
  if (S_ISDIR(status.st_mode)) {
    made.kind = package_kind::folder;
    const auto listed = list_folder(made);
    return listed ? result<package>(std::move(made)) : listed.error();
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(errc::not_found, path + " is no regular file; name a bootstrap file, a folder, a .zip or a template");
  }
  if (const auto readable = read_plain(path, 1); !readable) {
    return readable.error();
  }
  if (is_zip(path)) {
    made.kind = package_kind::zip;
    made.zip_bytes = static_cast<std::uint64_t>(status.st_size);
    const auto listed = list_zip(made);
    return listed ? result<package>(std::move(made)) : listed.error();
  }
  made.kind = package_kind::file;
  add(made, fs::path(path).filename().string(), status);
  return made;
}

result<std::string> read_file(const package& from, const package_file& file, std::uint64_t limit_bytes) {
  switch (from.kind) {
    case package_kind::file: return read_plain(from.path, limit_bytes);
    case package_kind::folder: return read_plain((fs::path(from.path) / file.name).string(), limit_bytes);
    case package_kind::zip: break;
  }
  return read_zip_entry(from, file, limit_bytes);
}

}  // namespace kelvin::inspection
