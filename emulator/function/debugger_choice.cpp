#include "emulator/function/debugger_choice.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

namespace kelvin {
namespace {

/// More than any linker writes.
constexpr std::uint64_t sections_max = 4096;
constexpr std::uint64_t section_names_bytes_max = 1024 * 1024;

struct open_program {
  explicit open_program(const std::string& path) : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~open_program() {
    if (descriptor >= 0)
      ::close(descriptor);
  }
  open_program(const open_program&) = delete;
  open_program& operator=(const open_program&) = delete;

  bool read(std::uint64_t offset, void* into, std::size_t size) const {
    return ::pread(descriptor, into, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
  }

  const int descriptor;
};

/// The table of section names, NUL between two; empty where there is none.
std::string section_names(const open_program& file) {
  Elf64_Ehdr header;
  if (!file.read(0, &header, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof(Elf64_Shdr) ||
      header.e_shnum > sections_max || header.e_shstrndx >= header.e_shnum) {
    return {};
  }
  Elf64_Shdr table;
  if (!file.read(header.e_shoff + std::uint64_t{header.e_shstrndx} * sizeof table, &table, sizeof table) ||
      table.sh_size > section_names_bytes_max) {
    return {};
  }
  std::string names(table.sh_size, '\0');
  return file.read(table.sh_offset, names.data(), names.size()) ? names : std::string();
}

std::string_view package_of(debugger which) {
  switch (which) {
    case debugger::gdbserver: return "gdbserver";
    case debugger::lldb_server: return "lldb";
    case debugger::dlv: return "delve";
    case debugger::wait: break;
  }
  return "";
}

std::string missing(debugger which) {
  return std::string(name_of(which)) + " is not installed (Debian's package " + std::string(package_of(which)) + ")";
}

}  // namespace

result<debugger_choice> choose_debugger(std::optional<debugger> asked, bool is_go, const program_finder& find) {
  debugger_choice chosen;
  if (asked == debugger::wait)
    return chosen;
  if (asked) {
    chosen = {*asked, find(name_of(*asked)), {}};
    if (chosen.program.empty()) {
      return fail(errc::not_found,
                  missing(*asked) + ": install it, or choose another with --debug-with; wait needs none");
    }
    return chosen;
  }
  static constexpr std::array for_go = {debugger::dlv, debugger::gdbserver, debugger::lldb_server};
  std::string lacking;
  for (const debugger each : is_go ? std::span<const debugger>(for_go) : std::span(for_go).subspan(1)) {
    chosen = {each, find(name_of(each)), {}};
    if (!chosen.program.empty())
      break;
    lacking.append(lacking.empty() ? "" : ", ").append(missing(each));
  }
  if (chosen.program.empty())
    chosen.with = debugger::wait;
  if (!lacking.empty())
    chosen.why_not = lacking + ", so that it is debugged with " + std::string(name_of(chosen.with));
  return chosen;
}

std::string find_program(std::string_view name, std::string_view search_path) {
  while (!search_path.empty()) {
    const auto end = std::min(search_path.find(':'), search_path.size());
    const std::string path = std::string(search_path.substr(0, end)).append("/").append(name);
    struct stat file {};
    if (path.front() == '/' && end != 0 && ::stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) &&
        ::access(path.c_str(), X_OK) == 0) {
      return path;
    }
    search_path.remove_prefix(std::min(end + 1, search_path.size()));
  }
  return {};
}

bool is_go_program(const std::string& path) {
  const open_program file(path);
  if (file.descriptor < 0)
    return false;
  const std::string names = section_names(file);
  // Linkers let one name be another's end, so that only what follows a name tells it.
  const auto has = [&names](std::string_view name) {
    return names.find(std::string(name).append(1, '\0')) != std::string::npos;
  };
  return has(".note.go.buildid") || has(".go.buildinfo");
}

}  // namespace kelvin
