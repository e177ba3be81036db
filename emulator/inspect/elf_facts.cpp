#include "emulator/inspect/elf_facts.hpp"

#include "emulator/inspect/elf_file.hpp"
#include "emulator/watch/binary_wholeness.hpp"

#include <cstring>
#include <memory>
#include <span>

namespace kelvin::inspection {
namespace {

bool is_whole(std::string_view file) {
  return judge_wholeness(file.size(), [&](std::uint64_t offset, std::span<std::byte> into) {
           std::memcpy(into.data(), file.data() + offset, into.size());
           return true;
         }) == wholeness::whole;
}

}  // namespace

std::optional<elf_facts> read_elf_facts(std::string_view file) {
  if (!file.starts_with(std::string_view(ELFMAG, SELFMAG)) || elf_version(EV_CURRENT) == EV_NONE) {
    return std::nullopt;
  }
  elf_facts facts;
  facts.is_whole = is_whole(file);
  // Opened for reading: libelf does not write to it.
  const std::unique_ptr<Elf, decltype(&elf_end)> elf(elf_memory(const_cast<char*>(file.data()), file.size()), &elf_end);
  GElf_Ehdr header;
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF || gelf_getehdr(elf.get(), &header) == nullptr) {
    facts.is_whole = false;
    return facts;
  }
  facts.is_64_bit = header.e_ident[EI_CLASS] == ELFCLASS64;
  facts.is_little_endian = header.e_ident[EI_DATA] == ELFDATA2LSB;
  facts.type = header.e_type;
  facts.machine = header.e_machine;
  read_segments(elf.get(), file, facts);
  read_sections(elf.get(), facts);
  return facts;
}

}  // namespace kelvin::inspection
