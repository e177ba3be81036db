#include "emulator/function/unzip.hpp"
#include "emulator/inspect/package.hpp"

#include <minizip/unzip.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace kelvin::inspection {
namespace {

namespace fs = std::filesystem;

constexpr unsigned made_on_unix = 3;
constexpr unsigned made_on_macos = 19;
constexpr std::size_t name_bytes_max = 4096;
constexpr std::size_t link_bytes_max = 4096;
constexpr std::size_t problems_max = 10;

using open_zip = std::unique_ptr<void, decltype(&unzClose)>;

open_zip open(const std::string& path) {
  return open_zip(unzOpen64(path.c_str()), &unzClose);
}

bool leads_out(const std::string& name) {
  const fs::path path(name);
  return name.empty() || name.front() == '/' || name.find('\0') != std::string::npos ||
         std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

/// What makes AWS refuse the entry, or the zip for it; empty: nothing.
std::string problem_of(const unz_file_info64& facts, const std::string& name) {
  if (leads_out(name)) {
    return "the entry `" + name.substr(0, 200) + "` leads out of its folder; make the zip with relative names";
  }
  if ((facts.flag & 1) != 0) {
    return name + " is encrypted, which Lambda does not take; make the zip without a password";
  }
  if (facts.compression_method != 0 && facts.compression_method != Z_DEFLATED) {
    return name + " is packed with method " + std::to_string(facts.compression_method) +
           "; Lambda takes `deflate` and `store` only";
  }
  return {};
}

void tell(package& of, std::string problem) {
  if (of.problems.size() < problems_max) {
    of.problems.push_back(std::move(problem));
  }
}

result<void> add_entry(void* zip, package& into) {
  unz_file_info64 facts;
  unz64_file_pos position;
  if (unzGetCurrentFileInfo64(zip, &facts, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK ||
      facts.size_filename > name_bytes_max || unzGetFilePos64(zip, &position) != UNZ_OK) {
    return fail(errc::invalid_argument, "an entry of its directory cannot be read");
  }
  package_file file;
  file.name.resize(facts.size_filename);
  if (unzGetCurrentFileInfo64(zip, nullptr, file.name.data(), file.name.size(), nullptr, 0, nullptr, 0) != UNZ_OK) {
    return fail(errc::invalid_argument, "an entry's name cannot be read");
  }
  const auto system = static_cast<unsigned>(facts.version >> 8);
  if (system == made_on_unix || system == made_on_macos) {
    file.mode = static_cast<mode_t>(facts.external_fa >> 16 & 0177777);
  }
  if (file.name.ends_with('/') || S_ISDIR(file.mode)) {
    return {};
  }
  file.size_bytes = facts.uncompressed_size;
  file.place = position.pos_in_zip_directory;
  file.index = position.num_of_file;
  into.unpacked_bytes += file.size_bytes;
  if (std::string problem = problem_of(facts, file.name); !problem.empty()) {
    tell(into, std::move(problem));
    return {};
  }
  if (S_ISLNK(file.mode)) {
    const auto target = read_zip_entry(into, file, link_bytes_max);
    if (!target) {
      return target.error();
    }
    file.link_target = *target;
  }
  into.files.push_back(std::move(file));
  return {};
}

}  // namespace

result<void> list_zip(package& into) {
  const open_zip zip = open(into.path);
  unz_global_info64 facts;
  if (!zip || unzGetGlobalInfo64(zip.get(), &facts) != UNZ_OK) {
    tell(into, "it is no zip archive, or its end is missing; make it again (check it with: unzip -t)");
    return {};
  }
  if (facts.number_entry == 0) {
    tell(into, "it is an empty zip archive");
    return {};
  }
  if (facts.number_entry > zip_entries) {
    return fail(errc::limit_reached, into.path + " has " + std::to_string(facts.number_entry) +
                                         " entries, kelvin looks at " + std::to_string(zip_entries));
  }
  int position = unzGoToFirstFile(zip.get());
  for (; position == UNZ_OK; position = unzGoToNextFile(zip.get())) {
    if (const auto added = add_entry(zip.get(), into); !added) {
      tell(into, "it is damaged: " + added.error().detail + "; make it again (check it with: unzip -t)");
      return {};
    }
  }
  if (position != UNZ_END_OF_LIST_OF_FILE) {
    tell(into, "its directory is cut short; make it again (check it with: unzip -t)");
  }
  return {};
}

result<std::string> read_zip_entry(const package& from, const package_file& file, std::uint64_t limit_bytes) {
  const failure damaged = fail(errc::invalid_argument, "the content of " + file.name + " cannot be unpacked");
  const open_zip zip = open(from.path);
  const unz64_file_pos position{file.place, file.index};
  if (!zip || unzGoToFilePos64(zip.get(), &position) != UNZ_OK || unzOpenCurrentFile(zip.get()) != UNZ_OK) {
    return damaged;
  }
  std::string content;
  const std::uint64_t wanted = std::min(file.size_bytes, limit_bytes);
  constexpr std::uint64_t piece_bytes = 1024 * 1024;
  while (content.size() < wanted) {
    const std::size_t filled = content.size();
    content.resize(filled + std::min(piece_bytes, wanted - filled));
    const int count =
        unzReadCurrentFile(zip.get(), content.data() + filled, static_cast<unsigned>(content.size() - filled));
    if (count <= 0) {
      return damaged;
    }
    content.resize(filled + static_cast<std::size_t>(count));
  }
  // At its end the checksum is compared.
  char behind = 0;
  if (wanted == file.size_bytes &&
      (unzReadCurrentFile(zip.get(), &behind, 1) != 0 || unzCloseCurrentFile(zip.get()) != UNZ_OK)) {
    return damaged;
  }
  return content;
}

}  // namespace kelvin::inspection
