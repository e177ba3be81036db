#include "emulator/function/elf_header.hpp"
#include "emulator/inspect/byte_text.hpp"
#include "emulator/inspect/findings.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <map>

namespace kelvin::inspection {
namespace {

std::string build_hint(std::uint16_t machine) {
  return machine == EM_X86_64 ? "GOARCH=amd64, cargo --target x86_64-unknown-linux-musl or an x86_64 compiler"
                              : "GOARCH=arm64, cargo --target aarch64-unknown-linux-musl or an aarch64 compiler";
}

/// False: there is no sense in looking further.
bool judge_machine(const std::string& path, const elf_facts& elf, std::uint16_t machine, bool is_program,
                   std::vector<finding>& found) {
  const std::string here = machine_name(machine);
  if (elf.machine == EM_NONE) {
    found.push_back({severity::fails, "damaged-elf", path, "it is a damaged or cut short ELF file", "build it again"});
    return false;
  }
  if (elf.machine != machine) {
    found.push_back(
        {severity::fails, "wrong-architecture", path,
         "it is built for " + machine_name(elf.machine) + ", the function is " + here,
         "build it for " + here + " (" + build_hint(machine) + "), or give the function that architecture"});
    return false;
  }
  if (!elf.is_64_bit) {
    found.push_back({severity::fails, "not-64-bit", path, "it is a 32-bit program, Lambda runs 64-bit ones",
                     "build it for " + here + ": " + build_hint(machine)});
    return false;
  }
  if (!elf.is_whole) {
    found.push_back({severity::fails, "damaged-elf", path, "it is cut short: its tables name what is not there",
                     "build or copy it again"});
    return false;
  }
  if (elf.type != ET_EXEC && elf.type != ET_DYN) {
    found.push_back(
        {severity::fails, "not-a-program", path, "it is an ELF object file or core, not a program", "link it first"});
    return false;
  }
  if (is_program && !elf.interpreter.empty() && elf.interpreter != loader_of(machine)) {
    found.push_back({severity::fails, "loader-missing", path,
                     "it is started by the loader " + elf.interpreter + ", which AWS has not",
                     "link it statically, or build it on a distribution with glibc"});
  }
  return true;
}

/// The newest version of each kind that is wanted of the system's own libraries.
struct wanted_versions {
  version_numbers glibc;
  version_numbers glibcxx;
  version_numbers cxxabi;
  bool is_private = false;  ///< GLIBC_PRIVATE
};

void keep_newest(version_numbers& newest, const std::optional<version_numbers>& other) {
  if (other && *other > newest) {
    newest = *other;
  }
}

wanted_versions wanted_of_system(const code_facts& code, const lambda_system& system, const std::string& path,
                                 const elf_facts& elf) {
  wanted_versions wanted;
  for (const needed_version& each : elf.versions) {
    if (find_library(code, system, path, elf, each.library).starts_with('/')) {
      continue;
    }
    keep_newest(wanted.glibc, version_behind(each.version, "GLIBC_"));
    keep_newest(wanted.glibcxx, version_behind(each.version, "GLIBCXX_"));
    keep_newest(wanted.cxxabi, version_behind(each.version, "CXXABI_"));
    if (each.version == "GLIBC_ABI_DT_RELR") {
      // glibc's NEWS: packed relocations came with 2.36.
      keep_newest(wanted.glibc, version_numbers{2, 36});
    }
  }
  return wanted;
}

void judge_versions(const code_facts& code, const lambda_system& system, const std::string& path, const elf_facts& elf,
                    std::vector<finding>& found) {
  const wanted_versions wanted = wanted_of_system(code, system, path, elf);
  const std::string name(system.name);
  if (wanted.glibc > system.glibc) {
    const lambda_system* newer = find_system("provided.al2023");
    const bool newer_has_it = newer != nullptr && wanted.glibc <= newer->glibc;
    found.push_back({severity::fails, "glibc-too-new", path,
                     "it needs GLIBC_" + text_of(wanted.glibc) + ", " + name + " has " + text_of(system.glibc),
                     std::string("build it on ") + name +
                         ", link it statically, or let cargo-zigbuild or zig target glibc " + text_of(system.glibc) +
                         (newer_has_it ? "; provided.al2023 would do as it is" : "")});
  }
  const bool glibcxx_too_new = wanted.glibcxx > system.glibcxx;
  if (glibcxx_too_new || wanted.cxxabi > system.cxxabi) {
    found.push_back(
        {severity::fails, "libstdc++-too-new", path,
         "it needs " + (glibcxx_too_new ? "GLIBCXX_" + text_of(wanted.glibcxx) : "CXXABI_" + text_of(wanted.cxxabi)) +
             ", the libstdc++ of " + name + " has " + text_of(glibcxx_too_new ? system.glibcxx : system.cxxabi),
         "link with -static-libstdc++ -static-libgcc, or build it on " + name +
             "; a libstdc++ in the package does not help, /lib64 comes before it"});
  } else if (wanted.glibcxx > system.glibcxx_at_first) {
    found.push_back({severity::note, "libstdc++-newer", path,
                     "it needs GLIBCXX_" + text_of(wanted.glibcxx) + ", which " + name +
                         " has only since 2023.7; before, it had " + text_of(system.glibcxx_at_first),
                     "link with -static-libstdc++ if the function may be pinned to an older runtime version"});
  }
}

void judge_libraries(const code_facts& code, const lambda_system& system, const std::string& path, const elf_facts& elf,
                     std::vector<finding>& found) {
  for (const std::string& name : elf.needed) {
    const std::string place = find_library(code, system, path, elf, name);
    if (place.empty()) {
      found.push_back({severity::fails, "library-missing", path,
                       "it needs " + name + ", which is not among the libraries of " + std::string(system.runtime) +
                           " and not where the package's are looked for",
                       "link it statically, or put it into the package's lib/ or a layer's lib/"});
    } else if (place.starts_with('/') && followed(code, place).empty()) {
      found.push_back({severity::fails, "library-missing", path,
                       "it needs " + name + "; " + place + " is a symbolic link to a file that is not there",
                       "put the file that it leads to into the package, too"});
    }
  }
}

}  // namespace

void judge_elf(const code_facts& code, const lambda_system& system, std::uint16_t machine, const std::string& path,
               const elf_facts& elf, std::vector<finding>& found) {
  const bool is_program = code.bootstrap && code.bootstrap->path == path;
  if (judge_machine(path, elf, machine, is_program, found)) {
    judge_libraries(code, system, path, elf, found);
    judge_versions(code, system, path, elf, found);
  }
}

void judge_size(const std::string& path, const elf_facts& elf, std::vector<finding>& found) {
  const bool is_go = std::find(elf.languages.begin(), elf.languages.end(), "Go") != elf.languages.end();
  if (elf.debug_bytes > 0) {
    found.push_back({severity::costs, "debug-information", path,
                     byte_text(elf.debug_bytes) + " of it are debug information",
                     is_go ? "build with -ldflags='-s -w'" : "strip what you deploy: strip -o bootstrap FILE, or -s"});
  } else if (elf.symbol_table_bytes > 0) {
    found.push_back(
        {severity::costs, "not-stripped", path,
         "it is not stripped: " + byte_text(elf.symbol_table_bytes) + " of it are symbol tables",
         is_go ? "build with -ldflags=-s" : "strip what you deploy: strip -o bootstrap FILE, or link with -s"});
  }
}

}  // namespace kelvin::inspection
