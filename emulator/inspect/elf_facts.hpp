#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::inspection {

struct elf_section {
  std::string name;
  std::uint64_t size_bytes = 0;  ///< in the file
};

struct elf_symbol {
  std::string name;  ///< demangled where it was mangled as C++ or old Rust does
  std::uint64_t size_bytes = 0;
};

/// A symbol version that a program wants of a library, as `GLIBC_2.34` of `libc.so.6`.
struct needed_version {
  std::string library;
  std::string version;
};

/// What an ELF file says about itself.
struct elf_facts {
  bool is_64_bit = false;
  bool is_little_endian = false;
  std::uint16_t type = 0;     ///< ET_EXEC, ET_DYN, …
  std::uint16_t machine = 0;  ///< EM_X86_64, EM_AARCH64, …
  bool is_whole = false;      ///< its tables, and all that they name, lie inside the file
  bool is_pie = false;
  std::string interpreter;  ///< PT_INTERP; empty: none
  std::string build_id;     ///< in hexadecimal digits; empty: none
  std::vector<std::string> needed;
  std::vector<std::string> rpath;    ///< DT_RPATH, which counts where there is no DT_RUNPATH
  std::vector<std::string> runpath;  ///< DT_RUNPATH
  std::vector<needed_version> versions;
  std::uint64_t debug_bytes = 0;         ///< sections of debug information
  std::uint64_t symbol_table_bytes = 0;  ///< what `strip` takes away beside them
  std::vector<elf_section> sections;     ///< those with content, the largest first
  std::vector<elf_symbol> symbols;       ///< at most ten, the largest first
  std::vector<std::string> languages;    ///< `C++`, `Go`, `Rust`, as far as the file shows it

  /// Whether a loader puts libraries to it when it starts.
  bool is_dynamic() const noexcept { return !interpreter.empty() || !needed.empty(); }
};

/// Reads a whole file's bytes; nullopt if it does not start as an ELF file does. Whatever the bytes are, it reads
/// inside of them only, and for a time that their number bounds; a file that is cut short or damaged says as much as
/// can be read of it.
std::optional<elf_facts> read_elf_facts(std::string_view file);

}  // namespace kelvin::inspection
