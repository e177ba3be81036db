#include "emulator/inspect/elf_file.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace kelvin::inspection {
namespace {

constexpr std::size_t symbols_shown = 10;
constexpr std::size_t mangled_bytes_max = 2048;
// Each pair of references to what came before can double what is printed.
constexpr std::size_t references_max = 32;

struct section_place {
  Elf_Scn* section;
  GElf_Shdr header;
  std::string name;
};

std::vector<section_place> sections_of(Elf* elf) {
  std::vector<section_place> found;
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) {
    return found;
  }
  for (Elf_Scn* each = elf_nextscn(elf, nullptr); each != nullptr; each = elf_nextscn(elf, each)) {
    GElf_Shdr header;
    if (gelf_getshdr(each, &header) == nullptr) {
      continue;
    }
    const char* name = elf_strptr(elf, names, header.sh_name);
    found.push_back({each, header, name == nullptr ? "" : name});
  }
  return found;
}

bool is_debug_information(std::string_view name) {
  return name.starts_with(".debug_") || name.starts_with(".zdebug_") || name == ".gdb_index";
}

std::string_view content_of(const section_place& of) {
  const Elf_Data* data = of.header.sh_type == SHT_NOBITS ? nullptr : elf_rawdata(of.section, nullptr);
  return data == nullptr || data->d_buf == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data->d_buf), data->d_size);
}

/// How often a mangled name refers to a part of itself: `S_`, `S0_`, `T_`, …
std::size_t references_in(std::string_view name) {
  std::size_t count = 0;
  for (std::size_t at = name.find_first_of("ST"); at != std::string_view::npos; at = name.find_first_of("ST", at + 1)) {
    const std::size_t end = name.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", at + 1);
    count += end != std::string_view::npos && name[end] == '_' ? 1 : 0;
  }
  return count;
}

std::string demangled(const char* name) {
  const std::string_view text(name);
  if (!text.starts_with("_Z") || text.size() > mangled_bytes_max || references_in(text) > references_max) {
    return std::string(text.substr(0, mangled_bytes_max));
  }
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> readable(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                             &std::free);
  return status == 0 && readable ? std::string(readable.get()).substr(0, mangled_bytes_max) : std::string(text);
}

void read_symbols(Elf* elf, const section_place& table, elf_facts& facts) {
  Elf_Data* data = elf_getdata(table.section, nullptr);
  if (data == nullptr) {
    return;
  }
  std::vector<std::pair<std::uint64_t, std::size_t>> largest;
  GElf_Sym symbol;
  for (std::size_t index = 0; gelf_getsym(data, static_cast<int>(index), &symbol) != nullptr; ++index) {
    const unsigned kind = GELF_ST_TYPE(symbol.st_info);
    if (symbol.st_size == 0 || symbol.st_shndx == SHN_UNDEF || (kind != STT_FUNC && kind != STT_OBJECT)) {
      continue;
    }
    largest.emplace_back(symbol.st_size, index);
    std::push_heap(largest.begin(), largest.end(), std::greater<>());
    if (largest.size() > symbols_shown) {
      std::pop_heap(largest.begin(), largest.end(), std::greater<>());
      largest.pop_back();
    }
  }
  std::sort(largest.begin(), largest.end(), std::greater<>());
  for (const auto& [size_bytes, index] : largest) {
    if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr) {
      continue;
    }
    const char* name = elf_strptr(elf, table.header.sh_link, symbol.st_name);
    facts.symbols.push_back({name == nullptr ? "" : demangled(name), size_bytes});
  }
}

/// The sources of Rust's library are named `/rustc/` and the compiler's commit in its panic messages.
bool names_rust_library(std::string_view content) {
  constexpr std::string_view begin = "/rustc/";
  constexpr std::size_t commit_digits = 40;
  for (std::size_t at = content.find(begin); at != std::string_view::npos; at = content.find(begin, at + 1)) {
    const std::string_view commit = content.substr(at + begin.size(), commit_digits);
    if (commit.size() == commit_digits && commit.find_first_not_of("0123456789abcdef") == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// By what outlives `strip`: sections of Go's linker, sources of Rust's library, names of the types that C++ throws.
void recognise_languages(const std::vector<section_place>& sections, elf_facts& facts) {
  const section_place* constants = nullptr;
  const section_place* comment = nullptr;
  bool is_go = false;
  bool is_rust = false;
  bool is_cpp = std::any_of(facts.needed.begin(), facts.needed.end(),
                            [](const std::string& each) { return each.starts_with("libstdc++.so"); });
  for (const section_place& each : sections) {
    if (each.name == ".go.buildinfo" || each.name == ".note.go.buildid") {
      is_go = true;
    } else if (each.name == ".comment") {
      comment = &each;
    } else if (each.name == ".rodata") {
      constants = &each;
    }
  }
  // One of each: as many as a file can name would take long to search.
  if (comment != nullptr) {
    is_rust = content_of(*comment).find("rustc version") != std::string_view::npos;
  }
  if (constants != nullptr) {
    const std::string_view content = content_of(*constants);
    is_rust = is_rust || names_rust_library(content);
    is_cpp = is_cpp || content.find("St9exception") != std::string_view::npos;
  }
  for (const auto& [is_it, name] : {std::pair{is_cpp, "C++"}, std::pair{is_go, "Go"}, std::pair{is_rust, "Rust"}}) {
    if (is_it) {
      facts.languages.emplace_back(name);
    }
  }
}

}  // namespace

void read_sections(Elf* elf, elf_facts& facts) {
  const auto sections = sections_of(elf);
  const section_place* symbols = nullptr;
  for (const section_place& each : sections) {
    const std::uint64_t size_bytes = each.header.sh_type == SHT_NOBITS ? 0 : each.header.sh_size;
    if (size_bytes > 0) {
      facts.sections.push_back({each.name, size_bytes});
    }
    if (is_debug_information(each.name)) {
      facts.debug_bytes += size_bytes;
    } else if (each.header.sh_type == SHT_SYMTAB || each.name == ".strtab") {
      facts.symbol_table_bytes += size_bytes;
    }
    if (each.header.sh_type == SHT_SYMTAB || (symbols == nullptr && each.header.sh_type == SHT_DYNSYM)) {
      symbols = &each;
    }
  }
  std::stable_sort(facts.sections.begin(), facts.sections.end(),
                   [](const auto& left, const auto& right) { return left.size_bytes > right.size_bytes; });
  if (symbols != nullptr) {
    read_symbols(elf, *symbols, facts);
  }
  recognise_languages(sections, facts);
}

}  // namespace kelvin::inspection
