#include "emulator/inspect/findings.hpp"

#include "emulator/function/elf_header.hpp"
#include "emulator/inspect/byte_text.hpp"

#include <elf.h>

#include <algorithm>

namespace kelvin::inspection {
namespace {

/// ELF files of another architecture that the bootstrap does not lead to: a package may hold some for every machine.
void judge_other_files(const code_facts& code, std::uint16_t machine, std::vector<finding>& found) {
  std::string first;
  std::size_t others = 0;
  std::size_t fitting = 0;
  for (const auto& [path, file] : code.files) {
    const bool is_judged = (code.bootstrap && code.bootstrap->path == path) || code.libraries.contains(path);
    fitting += file.machine == machine ? 1 : 0;
    if (!is_judged && file.machine != EM_NONE && file.machine != machine) {
      first = others++ == 0 ? path : first;
    }
  }
  if (others == 0) {
    return;
  }
  const std::string more = others > 1 ? " and " + std::to_string(others - 1) + " more" : "";
  const bool is_script = code.bootstrap && code.bootstrap->kind == program_facts::kind_of::script;
  const std::string here = machine_name(machine);
  if (is_script && fitting == 0) {
    found.push_back(
        {severity::fails, "wrong-architecture", first,
         "it is built for " + machine_name(code.files.at(first).machine) + more + ", and nothing for " + here,
         "build it for " + here + ", or choose the function's architecture: --architecture"});
  } else {
    found.push_back({severity::note, "other-architecture", first,
                     "it is built for " + machine_name(code.files.at(first).machine) + more +
                         ", and the bootstrap is not linked to it",
                     "leave it out of the package if nothing loads it"});
  }
}

}  // namespace

std::string_view name_of(severity of) {
  switch (of) {
    case severity::fails: return "fails";
    case severity::costs: return "costs";
    case severity::note: break;
  }
  return "note";
}

std::vector<finding> findings_of(const code_facts& code, const lambda_system& system, std::uint16_t machine) {
  std::vector<finding> found;
  judge_package(code, found);
  judge_modes(code, found);
  if (code.bootstrap) {
    judge_script(code, system, found);
    if (code.bootstrap->elf) {
      judge_elf(code, system, machine, code.bootstrap->path, *code.bootstrap->elf, found);
      judge_size(code.bootstrap->path, *code.bootstrap->elf, found);
    }
    for (const auto& [path, elf] : code.libraries) {
      judge_elf(code, system, machine, path, elf, found);
    }
    judge_other_files(code, machine, found);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const finding& left, const finding& right) { return left.severity < right.severity; });
  return found;
}

bool any_fails(const std::vector<finding>& found) {
  return std::any_of(found.begin(), found.end(), [](const finding& each) { return each.severity == severity::fails; });
}

std::string byte_text(std::uint64_t bytes) {
  constexpr std::uint64_t kib = 1024;
  constexpr std::uint64_t mib = kib * kib;
  if (bytes < kib) {
    return std::to_string(bytes) + " B";
  }
  const std::uint64_t unit = bytes < mib ? kib : mib;
  // One digit behind the point, rounded.
  const std::uint64_t tenths = (bytes * 10 + unit / 2) / unit;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + (unit == kib ? " KB" : " MB");
}

}  // namespace kelvin::inspection
