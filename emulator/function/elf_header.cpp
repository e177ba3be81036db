#include "emulator/function/elf_header.hpp"

#include <elf.h>
#include <unistd.h>
#include <array>
#include <cstdio>
#include <cstring>

namespace kelvin {
namespace {

constexpr std::size_t longest_interpreter = 4096;

template <class T>
bool read_at(int descriptor, std::uint64_t offset, T& into) {
  return pread(descriptor, &into, sizeof into, static_cast<off_t>(offset)) == static_cast<ssize_t>(sizeof into);
}

bool is_this_byte_order(bool little_endian) noexcept {
  return little_endian == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

void read_program_headers(int descriptor, const Elf64_Ehdr& file, elf_header& header) {
  if (file.e_phentsize != sizeof(Elf64_Phdr))
    return;
  for (unsigned index = 0; index < file.e_phnum; ++index) {
    Elf64_Phdr segment;
    if (!read_at(descriptor, file.e_phoff + std::uint64_t{index} * sizeof segment, segment))
      return;
    if (segment.p_type != PT_INTERP)
      continue;
    if (segment.p_filesz == 0 || segment.p_filesz > longest_interpreter)
      return;
    std::string text(segment.p_filesz, '\0');
    if (pread(descriptor, text.data(), text.size(), static_cast<off_t>(segment.p_offset)) !=
        static_cast<ssize_t>(text.size())) {
      return;
    }
    header.interpreter = text.c_str();
  }
  header.is_complete = file.e_phnum > 0;
}

}  // namespace

std::optional<elf_header> read_elf_header(int descriptor) {
  std::array<unsigned char, EI_NIDENT> identification{};
  if (pread(descriptor, identification.data(), SELFMAG, 0) != SELFMAG ||
      std::memcmp(identification.data(), ELFMAG, SELFMAG) != 0) {
    return std::nullopt;
  }
  elf_header header;
  if (!read_at(descriptor, 0, identification))
    return header;
  header.is_64_bit = identification[EI_CLASS] == ELFCLASS64;
  header.is_little_endian = identification[EI_DATA] == ELFDATA2LSB;
  // Type and machine lie at the same place in 32-bit and 64-bit files.
  std::array<unsigned char, 4> words{};
  if (!read_at(descriptor, EI_NIDENT, words))
    return header;
  const auto word = [&](unsigned at) {
    const unsigned low = header.is_little_endian ? words[at] : words[at + 1];
    const unsigned high = header.is_little_endian ? words[at + 1] : words[at];
    return static_cast<std::uint16_t>(high << 8 | low);
  };
  header.type = word(0);
  header.machine = word(2);
  Elf64_Ehdr file;
  if (header.is_64_bit && is_this_byte_order(header.is_little_endian) && read_at(descriptor, 0, file)) {
    read_program_headers(descriptor, file, header);
  }
  return header;
}

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64: return "x86_64";
    case EM_AARCH64: return "arm64";
    case EM_386: return "32-bit x86";
    case EM_ARM: return "32-bit arm";
    case EM_RISCV: return "riscv64";
    case EM_PPC64: return "ppc64";
    case EM_S390: return "s390x";
    default: break;
  }
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "machine 0x%x", machine);
  return text.data();
}

std::uint16_t this_machine() noexcept {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#else
#error "kelvin runs on x86_64 and arm64"
#endif
}

}  // namespace kelvin
