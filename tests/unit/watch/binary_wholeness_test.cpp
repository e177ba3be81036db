#include "emulator/watch/binary_wholeness.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <elf.h>

#include <cstring>
#include <string>
#include <string_view>

namespace kelvin {
namespace {

wholeness judge(std::string_view bytes, std::uint64_t size_bytes) {
  return judge_wholeness(size_bytes, [bytes](std::uint64_t offset, std::span<std::byte> into) {
    if (offset > bytes.size() || into.size() > bytes.size() - offset) {
      return false;
    }
    std::memcpy(into.data(), bytes.data() + offset, into.size());
    return true;
  });
}

wholeness judge(std::string_view bytes) {
  return judge(bytes, bytes.size());
}

template <class T>
void put(std::string& file, std::size_t offset, const T& value) {
  file.resize(std::max(file.size(), offset + sizeof value));
  std::memcpy(file.data() + offset, &value, sizeof value);
}

/// Headers, a segment of 64 bytes at 1000, a section of 100 bytes at 1100, then the section headers.
template <class File, class Segment, class Section>
std::string make_elf(unsigned char elf_class) {
  File header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = elf_class;
  header.e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
  header.e_phoff = sizeof header;
  header.e_phnum = 1;
  header.e_phentsize = sizeof(Segment);
  header.e_shoff = 1200;
  header.e_shnum = 3;
  header.e_shentsize = sizeof(Section);
  Segment segment{};
  segment.p_type = PT_LOAD;
  segment.p_offset = 1000;
  segment.p_filesz = 64;
  Section contents{};
  contents.sh_type = SHT_PROGBITS;
  contents.sh_offset = 1100;
  contents.sh_size = 100;
  Section zeros{};
  zeros.sh_type = SHT_NOBITS;
  zeros.sh_offset = 1'000'000;
  zeros.sh_size = 1'000'000;
  std::string file;
  put(file, 0, header);
  put(file, sizeof header, segment);
  put(file, 1200, Section{});
  put(file, 1200 + sizeof contents, contents);
  put(file, 1200 + 2 * sizeof contents, zeros);
  return file;
}

std::string make_elf64() {
  return make_elf<Elf64_Ehdr, Elf64_Phdr, Elf64_Shdr>(ELFCLASS64);
}

TEST_CASE("an ELF file is whole when its last byte is there, and not before") {
  for (const std::string& file : {make_elf64(), make_elf<Elf32_Ehdr, Elf32_Phdr, Elf32_Shdr>(ELFCLASS32)}) {
    CHECK(judge(file) == wholeness::whole);
    CHECK(judge(file + "signature") == wholeness::whole);
    for (std::size_t size = 1; size < file.size(); ++size) {
      CHECK(judge(file.substr(0, size)) == wholeness::incomplete);
    }
  }
}

TEST_CASE("a real program is whole, and each cut of it is not") {
  const std::string program = test::read_file("/proc/self/exe");
  REQUIRE(program.size() > 1000);
  CHECK(judge(program) == wholeness::whole);
  for (const std::size_t missing : {std::size_t{1}, std::size_t{100}, program.size() / 2, program.size() - 64}) {
    CHECK(judge(program.substr(0, program.size() - missing)) == wholeness::incomplete);
  }
  // As a linker leaves it that sets the size first and writes the headers last.
  CHECK(judge(std::string(SELFMAG, '\0')) == wholeness::unknown);
}

TEST_CASE("segments and sections of an ELF file lie inside it") {
  Elf64_Ehdr header;
  std::string file = make_elf64();
  std::memcpy(&header, file.data(), sizeof header);
  const auto with = [&](auto change) {
    Elf64_Ehdr changed = header;
    change(changed);
    std::string other = file;
    put(other, 0, changed);
    return judge(other);
  };
  CHECK(with([](auto& changed) { changed.e_shoff = 0; }) == wholeness::whole);
  CHECK(with([](auto& changed) { changed.e_shoff = ~std::uint64_t{0}; }) == wholeness::incomplete);
  CHECK(with([](auto& changed) { changed.e_phoff = ~std::uint64_t{0} - 8; }) == wholeness::incomplete);
  CHECK(with([](auto& changed) { changed.e_phnum = 60'000; }) == wholeness::incomplete);
  CHECK(with([](auto& changed) { changed.e_shnum = 60'000; }) == wholeness::incomplete);
  CHECK(with([](auto& changed) { changed.e_phentsize = 8; }) == wholeness::unknown);
  CHECK(with([](auto& changed) { changed.e_shentsize = 8; }) == wholeness::unknown);
  CHECK(with([](auto& changed) { changed.e_phnum = PN_XNUM; }) == wholeness::unknown);
  CHECK(with([](auto& changed) { changed.e_phnum = 0, changed.e_shoff = 0; }) == wholeness::incomplete);
  CHECK(with([](auto& changed) { changed.e_ident[EI_CLASS] = 7; }) == wholeness::unknown);
  CHECK(with([](auto& changed) { changed.e_ident[EI_DATA] ^= 3; }) == wholeness::unknown);

  Elf64_Shdr many{};
  many.sh_size = 3;
  std::string counted = file;
  put(counted, 1200, many);
  header.e_shnum = 0;
  put(counted, 0, header);
  CHECK(judge(counted) == wholeness::whole);
  many.sh_size = ~std::uint64_t{0};
  put(counted, 1200, many);
  CHECK(judge(counted) == wholeness::incomplete);

  Elf64_Phdr segment{};
  segment.p_type = PT_LOAD;
  segment.p_offset = 1000;
  segment.p_filesz = ~std::uint64_t{0} - 500;
  put(file, sizeof header, segment);
  CHECK(judge(file) == wholeness::incomplete);
}

TEST_CASE("a script is whole when its first line ends") {
  CHECK(judge("#!/bin/sh\n") == wholeness::whole);
  CHECK(judge("#!/bin/sh\nexit 0") == wholeness::whole);
  CHECK(judge("#!/bin/s") == wholeness::incomplete);
  CHECK(judge("#!") == wholeness::incomplete);
  CHECK(judge("#!" + std::string(300, 'x')) == wholeness::whole);
}

TEST_CASE("a zip is whole when its directory and the record behind it are there") {
  const std::string entry = std::string("PK\3\4") + std::string(26, '\0') + "content";
  const std::string directory = std::string("PK\1\2") + std::string(42, '\0');
  const auto end = [](unsigned entries, std::uint32_t bytes, std::uint32_t offset, std::string_view comment) {
    std::string record = "PK\5\6";
    put(record, 10, static_cast<std::uint16_t>(entries));
    put(record, 12, bytes);
    put(record, 16, offset);
    put(record, 20, static_cast<std::uint16_t>(comment.size()));
    return record.append(comment);
  };
  const auto directory_bytes = static_cast<std::uint32_t>(directory.size());
  const auto entry_bytes = static_cast<std::uint32_t>(entry.size());
  const std::string whole = entry + directory + end(1, directory_bytes, entry_bytes, "");
  CHECK(judge(whole) == wholeness::whole);
  for (std::size_t size = 4; size < whole.size(); ++size) {
    CHECK(judge(whole.substr(0, size)) == wholeness::incomplete);
  }
  CHECK(judge(entry + directory + end(1, directory_bytes, entry_bytes, "a PK\5\6 comment")) == wholeness::whole);
  CHECK(judge(entry + directory + end(1, directory_bytes, entry_bytes, std::string(65'535, 'c'))) == wholeness::whole);
  CHECK(judge(end(0, 0, 0, "")) == wholeness::whole);
  CHECK(judge(entry + directory + end(1, directory_bytes, entry_bytes + 1, "")) == wholeness::incomplete);
  CHECK(judge(entry + std::string(46, '\0') + end(1, directory_bytes, entry_bytes, "")) == wholeness::incomplete);
  CHECK(judge(entry + directory + end(0xFFFF, directory_bytes, 0xFFFF'FFFF, "")) == wholeness::unknown);
}

TEST_CASE("what is no program and no archive says nothing about its wholeness") {
  for (const char* text : {"", "#", "PK", "Resources:\n", "KEY=value"}) {
    CHECK(judge(text) == wholeness::unknown);
  }
  // A file that cannot be read to the size it had is being cut.
  CHECK(judge("#!/bin/sh\n", 100) == wholeness::incomplete);
}

}  // namespace
}  // namespace kelvin
