#include "emulator/template/read_document.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace kelvin::templates;
using kelvin::fuzz::require;

/// Counts the values, and checks that each has a line of its own document.
std::size_t count(const node& value, std::size_t lines, unsigned depth) {
  require(value.at.line >= 1 && value.at.line <= lines && depth <= 2 * document_depth);
  std::size_t nodes = 1;
  for (const node& each : value.items) {
    nodes += count(each, lines, depth + 1);
  }
  for (const member& each : value.members) {
    require(value.is_map());
    nodes += count(each.value, lines, depth + 1);
  }
  return nodes;
}

}  // namespace

/// A document: read, or refused with its place; in bounds either way.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = read_document(text, "t.yaml");
  if (!read) {
    require(read.error().detail.starts_with("t.yaml:"));
    return 0;
  }
  std::size_t lines = 2;
  for (const char letter : text) {
    lines += letter == '\n' || letter == '\r' ? 1 : 0;
  }
  // A short tag is counted as one value and stands for two.
  require(count(*read, lines, 0) <= 2 * document_nodes);
  return 0;
}
