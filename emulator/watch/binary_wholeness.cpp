#include "emulator/watch/binary_wholeness.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace kelvin {
namespace {

/// Linux reads so much of a script to find its interpreter (BINPRM_BUF_SIZE).
constexpr std::uint64_t script_head_bytes = 256;

/// A file of known size that is read through bounds checks.
struct sized_file {
  std::uint64_t size_bytes;
  const byte_reader& read;

  bool holds(std::uint64_t offset, std::uint64_t bytes) const {
    return offset <= size_bytes && bytes <= size_bytes - offset;
  }
  template <class T>
  bool read_at(std::uint64_t offset, T& into) const {
    return holds(offset, sizeof into) && read(offset, std::as_writable_bytes(std::span(&into, 1)));
  }
  std::string text(std::uint64_t offset, std::uint64_t bytes) const {
    std::string found(bytes, '\0');
    const bool is_read = holds(offset, bytes) && read(offset, std::as_writable_bytes(std::span(found)));
    return is_read ? found : std::string();
  }
};

struct elf32 {
  using file_header = Elf32_Ehdr;
  using segment_header = Elf32_Phdr;
  using section_header = Elf32_Shdr;
};
struct elf64 {
  using file_header = Elf64_Ehdr;
  using segment_header = Elf64_Phdr;
  using section_header = Elf64_Shdr;
};

template <class Header>
bool table_is_inside(const sized_file& file, std::uint64_t offset, std::uint64_t count) {
  // At most 65,535 entries, or a 32-bit number of them: no overflow.
  return file.holds(offset, count * sizeof(Header));
}

template <class Elf>
bool segments_are_inside(const sized_file& file, const typename Elf::file_header& header) {
  if (!table_is_inside<typename Elf::segment_header>(file, header.e_phoff, header.e_phnum)) {
    return false;
  }
  for (std::uint64_t index = 0; index < header.e_phnum; ++index) {
    typename Elf::segment_header segment;
    if (!file.read_at(header.e_phoff + index * sizeof segment, segment) ||
        (segment.p_type != PT_NULL && !file.holds(segment.p_offset, segment.p_filesz))) {
      return false;
    }
  }
  return true;
}

template <class Elf>
bool sections_are_inside(const sized_file& file, const typename Elf::file_header& header) {
  if (header.e_shoff == 0) {
    return true;
  }
  typename Elf::section_header section;
  if (!file.read_at(header.e_shoff, section)) {
    return false;
  }
  // More sections than e_shnum can say stand in the first one's size; beyond 65,535 of them only the table counts.
  const std::uint64_t count = header.e_shnum != 0 ? header.e_shnum : section.sh_size & 0xFFFF'FFFF;
  if (!table_is_inside<typename Elf::section_header>(file, header.e_shoff, count)) {
    return false;
  }
  for (std::uint64_t index = 1; index < std::min<std::uint64_t>(count, 65'536); ++index) {
    if (!file.read_at(header.e_shoff + index * sizeof section, section) ||
        (section.sh_type != SHT_NULL && section.sh_type != SHT_NOBITS &&
         !file.holds(section.sh_offset, section.sh_size))) {
      return false;
    }
  }
  return true;
}

template <class Elf>
wholeness judge_elf_of(const sized_file& file) {
  typename Elf::file_header header;
  if (!file.read_at(0, header)) {
    return wholeness::incomplete;
  }
  const bool has_segments = header.e_phnum != 0;
  const bool has_sections = header.e_shoff != 0;
  if (!has_segments && !has_sections) {
    // A linker that writes its headers last has left the place for them empty.
    return wholeness::incomplete;
  }
  if (header.e_phnum == PN_XNUM || (has_segments && header.e_phentsize != sizeof(typename Elf::segment_header)) ||
      (has_sections && header.e_shentsize != sizeof(typename Elf::section_header))) {
    return wholeness::unknown;
  }
  return segments_are_inside<Elf>(file, header) && sections_are_inside<Elf>(file, header) ? wholeness::whole
                                                                                          : wholeness::incomplete;
}

wholeness judge_elf(const sized_file& file) {
  std::array<unsigned char, EI_NIDENT> identification{};
  if (!file.read_at(0, identification)) {
    return wholeness::incomplete;
  }
  constexpr bool is_little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  if (identification[EI_DATA] != (is_little_endian ? ELFDATA2LSB : ELFDATA2MSB)) {
    return wholeness::unknown;
  }
  switch (identification[EI_CLASS]) {
    case ELFCLASS32: return judge_elf_of<elf32>(file);
    case ELFCLASS64: return judge_elf_of<elf64>(file);
    default: return wholeness::unknown;
  }
}

wholeness judge_script(const sized_file& file) {
  const std::string head = file.text(0, std::min(file.size_bytes, script_head_bytes));
  // A first line that is longer than Linux reads is not for us to wait for.
  return head.find('\n') != std::string::npos || file.size_bytes >= script_head_bytes ? wholeness::whole
                                                                                      : wholeness::incomplete;
}

// APPNOTE.TXT, 4.3.16: end of central directory record.
constexpr std::uint64_t zip_end_bytes = 22;
constexpr std::uint64_t zip_comment_bytes_max = 65'535;

std::uint32_t little_endian(std::string_view text, std::size_t offset, unsigned bytes) {
  std::uint32_t value = 0;
  for (unsigned at = bytes; at > 0; --at) {
    value = value << 8 | static_cast<unsigned char>(text[offset + at - 1]);
  }
  return value;
}

wholeness judge_zip_end(const sized_file& file, std::string_view end, std::uint64_t end_offset) {
  const std::uint32_t entries = little_endian(end, 10, 2);
  const std::uint32_t directory_bytes = little_endian(end, 12, 4);
  const std::uint32_t directory_offset = little_endian(end, 16, 4);
  if (entries == 0xFFFF || directory_bytes == 0xFFFF'FFFF || directory_offset == 0xFFFF'FFFF) {
    return wholeness::unknown;
  }
  if (std::uint64_t{directory_offset} + directory_bytes > end_offset) {
    return wholeness::incomplete;
  }
  // The directory ends where its record begins, also when something stands before the archive.
  const bool has_directory = entries == 0 || file.text(end_offset - directory_bytes, 4) == "PK\1\2";
  return has_directory ? wholeness::whole : wholeness::incomplete;
}

wholeness judge_zip(const sized_file& file) {
  const std::uint64_t tail_bytes = std::min(file.size_bytes, zip_end_bytes + zip_comment_bytes_max);
  const std::string tail = file.text(file.size_bytes - tail_bytes, tail_bytes);
  for (std::size_t at = tail.rfind("PK\5\6"); at != std::string::npos; at = tail.rfind("PK\5\6", at - 1)) {
    const std::string_view end = std::string_view(tail).substr(at);
    if (end.size() >= zip_end_bytes && little_endian(end, 20, 2) == end.size() - zip_end_bytes) {
      return judge_zip_end(file, end, file.size_bytes - tail_bytes + at);
    }
    if (at == 0) {
      break;
    }
  }
  return wholeness::incomplete;
}

}  // namespace

wholeness judge_wholeness(std::uint64_t size_bytes, const byte_reader& read) {
  const sized_file file{size_bytes, read};
  const std::string head = file.text(0, std::min<std::uint64_t>(size_bytes, SELFMAG));
  if (head.empty()) {
    return wholeness::unknown;
  }
  if (head.starts_with("#!")) {
    return judge_script(file);
  }
  if (std::string_view(ELFMAG, SELFMAG).starts_with(head)) {
    return judge_elf(file);
  }
  if (head == "PK\3\4" || head == "PK\5\6") {
    return judge_zip(file);
  }
  return wholeness::unknown;
}

}  // namespace kelvin
