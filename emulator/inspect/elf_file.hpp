#pragma once

#include "emulator/inspect/elf_facts.hpp"

#include <gelf.h>

#include <string_view>

namespace kelvin::inspection {

/// Reads program headers, dynamic section, needed versions and build id: what the loader goes by.
void read_segments(Elf* elf, std::string_view file, elf_facts& facts);

/// Reads section sizes, the largest symbols and what shows the language: what people go by. A stripped file has none.
void read_sections(Elf* elf, elf_facts& facts);

}  // namespace kelvin::inspection
