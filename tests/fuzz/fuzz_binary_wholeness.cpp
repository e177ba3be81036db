#include "emulator/watch/binary_wholeness.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

using namespace kelvin;
using kelvin::fuzz::require;

namespace {

wholeness judge(std::span<const std::byte> file) {
  return judge_wholeness(file.size(), [&](std::uint64_t offset, std::span<std::byte> into) {
    // Nobody asks for what lies beyond the size that was given.
    require(offset <= file.size() && into.size() <= file.size() - offset);
    std::memcpy(into.data(), file.data() + offset, into.size());
    return true;
  });
}

}  // namespace

/// Only bytes inside the file are asked for, and a program that is whole stays so with bytes behind it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const bool is_elf = size > 4 && std::memcmp(data, "\177ELF", 4) == 0;
  if (is_elf && judge(file.first(size - 1)) == wholeness::whole) {
    require(judge(file) == wholeness::whole);
  } else {
    judge(file);
  }
  return 0;
}
