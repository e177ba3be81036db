#include "emulator/function/unzip.hpp"

#include <fcntl.h>
#include <minizip/unzip.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

constexpr unsigned made_on_unix = 3;
constexpr unsigned made_on_macos = 19;
constexpr std::size_t longest_name = 4096;
constexpr std::uint64_t longest_link = 4096;

struct entry {
  std::string name;
  mode_t mode;  ///< with its file type; 0 if the archive has none
  bool encrypted;
  unsigned compression_method;
  std::uint64_t claimed_bytes;
};

struct link {
  std::string name;
  std::string points_to;
};

failure damaged(const std::string& archive, const std::string& what) {
  return fail(errc::invalid_argument, archive + " is damaged: " + what + "; make it again (check it with: unzip -t)");
}

failure cannot_write(const std::string& path) {
  return fail(errc::system_failure, "cannot unpack " + path + ": " + std::strerror(errno));
}

/// An entry's name must lead to a place below the folder, whatever unpacked it before.
bool stays_inside(const std::string& name) {
  if (name.empty() || name.size() > longest_name || name.front() == '/' || name.find('\0') != std::string::npos) {
    return false;
  }
  for (const auto& part : fs::path(name)) {
    if (part == "..")
      return false;
  }
  return true;
}

class unpacker {
 public:
  unpacker(std::string archive, std::string folder, std::uint64_t limit_bytes)
      : archive_(std::move(archive)),
        folder_(std::move(folder)),
        limit_bytes_(limit_bytes),
        bytes_left_(limit_bytes),
        zip_(unzOpen64(archive_.c_str()), &unzClose) {}

  result<void> run();

 private:
  result<entry> read_entry();
  result<void> unpack(const entry& item);
  result<void> unpack_file(const entry& item);
  result<void> unpack_link(const entry& item);
  template <class Take>
  result<void> read_content(const entry& item, Take take);
  result<void> make_links() const;
  result<void> make_parents(const std::string& name) const;

  std::string archive_;
  std::string folder_;
  std::uint64_t limit_bytes_;
  std::uint64_t bytes_left_;
  std::unique_ptr<void, decltype(&unzClose)> zip_;
  std::vector<link> links_;
  std::vector<char> buffer_ = std::vector<char>(64 * 1024);
};

result<entry> unpacker::read_entry() {
  unz_file_info64 facts;
  if (unzGetCurrentFileInfo64(zip_.get(), &facts, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
    return damaged(archive_, "an entry of its directory cannot be read");
  }
  std::string name(facts.size_filename, '\0');
  if (unzGetCurrentFileInfo64(zip_.get(), nullptr, name.data(), name.size(), nullptr, 0, nullptr, 0) != UNZ_OK) {
    return damaged(archive_, "an entry's name cannot be read");
  }
  if (!stays_inside(name)) {
    return fail(errc::invalid_argument, archive_ + " holds the entry `" + name.substr(0, 200) +
                                            "`, which leads out of its folder; nothing of it is used. Make the zip " +
                                            "from inside the folder, with relative names");
  }
  const auto system = static_cast<unsigned>(facts.version >> 8);
  const bool has_mode = system == made_on_unix || system == made_on_macos;
  return entry{std::move(name), has_mode ? static_cast<mode_t>(facts.external_fa >> 16 & 0177777) : 0,
               (facts.flag & 1) != 0, static_cast<unsigned>(facts.compression_method), facts.uncompressed_size};
}

result<void> unpacker::make_parents(const std::string& name) const {
  const auto parent = fs::path(name).parent_path();
  if (parent.empty())
    return {};
  std::error_code error;
  fs::create_directories(folder_ + "/" + parent.string(), error);
  if (error)
    return fail(errc::system_failure, "cannot unpack " + archive_ + ": " + name + ": " + error.message());
  return {};
}

template <class Take>
result<void> unpacker::read_content(const entry& item, Take take) {
  const int opened = unzOpenCurrentFile(zip_.get());
  if (opened != UNZ_OK) {
    if (item.compression_method != 0 && item.compression_method != Z_DEFLATED) {
      return fail(errc::unsupported, archive_ + ": " + item.name + " is packed with method " +
                                         std::to_string(item.compression_method) +
                                         "; Lambda takes `deflate` and `store` only");
    }
    return damaged(archive_, "the content of " + item.name + " cannot be read");
  }
  for (;;) {
    const int count = unzReadCurrentFile(zip_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
    if (count == 0)
      break;
    if (count < 0)
      return damaged(archive_, "the content of " + item.name + " cannot be unpacked");
    const auto bytes = static_cast<std::uint64_t>(count);
    if (bytes > bytes_left_) {
      return fail(errc::limit_reached, archive_ + " unpacks to more than " +
                                           std::to_string(limit_bytes_ / (1024 * 1024)) +
                                           " MB, which is all that Lambda takes; leave out what is not needed");
    }
    bytes_left_ -= bytes;
    if (auto taken = take(std::string_view(buffer_.data(), bytes)); !taken)
      return taken;
  }
  if (unzCloseCurrentFile(zip_.get()) != UNZ_OK)
    return damaged(archive_, "the checksum of " + item.name + " is wrong");
  return {};
}

result<void> unpacker::unpack_file(const entry& item) {
  const std::string path = folder_ + "/" + item.name;
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0)
    return cannot_write(archive_ + ": " + item.name);
  auto written = read_content(item, [&](std::string_view bytes) -> result<void> {
    while (!bytes.empty()) {
      const ssize_t count = write(descriptor, bytes.data(), bytes.size());
      if (count < 0)
        return cannot_write(archive_ + ": " + item.name);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  });
  const mode_t mode = item.mode == 0 ? 0644 : (item.mode & 0777) | 0400;
  const bool mode_set = fchmod(descriptor, mode) == 0;
  close(descriptor);
  if (written && !mode_set)
    return cannot_write(archive_ + ": " + item.name);
  return written;
}

result<void> unpacker::unpack_link(const entry& item) {
  if (item.claimed_bytes > longest_link)
    return damaged(archive_, "the symbolic link " + item.name + " is too long");
  link made{item.name, {}};
  auto read = read_content(item, [&](std::string_view bytes) -> result<void> {
    made.points_to.append(bytes);
    if (made.points_to.size() > longest_link) {
      return damaged(archive_, "the symbolic link " + item.name + " is too long");
    }
    return {};
  });
  if (!read)
    return read;
  links_.push_back(std::move(made));
  return {};
}

result<void> unpacker::unpack(const entry& item) {
  if (auto made = make_parents(item.name); !made)
    return made;
  if (item.name.back() == '/' || S_ISDIR(item.mode)) {
    const std::string path = folder_ + "/" + item.name;
    if (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
      return cannot_write(archive_ + ": " + item.name);
    return {};
  }
  if (item.encrypted) {
    return fail(errc::invalid_argument, archive_ + " is encrypted (" + item.name +
                                            "), which Lambda does not take; make it again without a password");
  }
  if (S_ISLNK(item.mode))
    return unpack_link(item);
  if (S_ISREG(item.mode) || (item.mode & S_IFMT) == 0)
    return unpack_file(item);
  return fail(errc::invalid_argument, archive_ + ": " + item.name + " is a device, pipe or socket; leave it out");
}

result<void> unpacker::make_links() const {
  // A link made before may stand where a later one's folder should be: nothing is made beyond it.
  std::error_code error;
  const fs::path root = fs::canonical(folder_, error);
  for (const auto& item : links_) {
    const fs::path parent = (root / item.name).lexically_normal().parent_path();
    const fs::path true_parent = fs::canonical(parent, error);
    if (error || true_parent != parent) {
      return fail(errc::invalid_argument, archive_ + ": the symbolic link " + item.name +
                                              " lies behind another symbolic link; leave one of them out");
    }
    const std::string path = folder_ + "/" + item.name;
    if (unlink(path.c_str()) != 0 && errno != ENOENT)
      return cannot_write(archive_ + ": " + item.name);
    if (symlink(item.points_to.c_str(), path.c_str()) != 0)
      return cannot_write(archive_ + ": " + item.name);
  }
  return {};
}

result<void> unpacker::run() {
  if (!zip_) {
    return fail(errc::invalid_argument,
                archive_ + " is not a zip archive, or its end is missing; check it with: unzip -t " + archive_);
  }
  unz_global_info64 facts;
  if (unzGetGlobalInfo64(zip_.get(), &facts) != UNZ_OK)
    return damaged(archive_, "its directory cannot be read");
  if (facts.number_entry == 0)
    return fail(errc::invalid_argument, archive_ + " is an empty zip archive");
  if (facts.number_entry > zip_entries) {
    return fail(errc::limit_reached, archive_ + " has " + std::to_string(facts.number_entry) +
                                         " entries, kelvin unpacks at most " + std::to_string(zip_entries));
  }
  int position = unzGoToFirstFile(zip_.get());
  for (; position == UNZ_OK; position = unzGoToNextFile(zip_.get())) {
    const auto item = read_entry();
    if (!item)
      return item.error();
    if (auto unpacked = unpack(*item); !unpacked)
      return unpacked;
  }
  if (position != UNZ_END_OF_LIST_OF_FILE)
    return damaged(archive_, "its directory is cut short");
  return make_links();
}

}  // namespace

result<void> unzip(const std::string& archive, const std::string& folder, std::uint64_t limit_bytes) {
  const int descriptor = open(archive.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(errno == ENOENT ? errc::not_found : errc::permission_denied,
                "cannot open " + archive + ": " + std::strerror(errno));
  }
  close(descriptor);
  return unpacker(archive, folder, limit_bytes).run();
}

bool is_zip(const std::string& path) {
  auto extension = fs::path(path).extension().string();
  for (auto& letter : extension)
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  if (extension == ".zip")
    return true;
  std::array<char, 4> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  return magic == std::array<char, 4>{'P', 'K', 3, 4};
}

}  // namespace kelvin
