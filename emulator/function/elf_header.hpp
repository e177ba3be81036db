#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// What an ELF file says about where it can run.
struct elf_header {
  bool is_64_bit = false;
  bool is_little_endian = false;
  std::uint16_t type = 0;     ///< ET_EXEC, ET_DYN, …
  std::uint16_t machine = 0;  ///< EM_X86_64, EM_AARCH64, …
  std::string interpreter;    ///< PT_INTERP; empty if linked statically
  bool is_complete = false;   ///< its program headers could be read
};

/// Reads the header of an open file. nullopt if it does not start as an ELF file does. The foreign
/// byte order and 32-bit files are recognised, but only their identification and machine are read.
std::optional<elf_header> read_elf_header(int descriptor);

/// `x86_64`, `arm64`, …; AWS's names where it has them, else `machine 0x…`.
std::string machine_name(std::uint16_t machine);

/// EM_… of the machine this program was built for.
std::uint16_t this_machine() noexcept;

}  // namespace kelvin
