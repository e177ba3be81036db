#include "emulator/inspect/elf_facts.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>
#include <string>

using namespace kelvin;
using kelvin::fuzz::require;

/// Whatever stands behind the magic bytes, there are facts, bounded by the file's size.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = "\177ELF" + std::string(reinterpret_cast<const char*>(data), size);
  const auto facts = inspection::read_elf_facts(file);
  require(facts.has_value());
  require(facts->symbols.size() <= 10);
  require(facts->build_id.size() <= 128);
  return 0;
}
