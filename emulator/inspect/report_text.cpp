#include "emulator/function/elf_header.hpp"
#include "emulator/inspect/byte_text.hpp"
#include "emulator/inspect/report.hpp"

#include <algorithm>
#include <map>

namespace kelvin::inspection {
namespace {

constexpr std::size_t sections_shown = 6;
constexpr std::size_t symbol_columns_max = 90;

/// What a terminal would take for a command, or a line for its end, is shown as `?`.
std::string printable(std::string_view text) {
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(), [](char each) { return static_cast<unsigned char>(each) < 32 || each == 127; }, '?');
  return shown;
}

std::string row(std::string_view label, std::string_view value) {
  std::string text = "  " + std::string(label);
  text.resize(13, ' ');
  return text + printable(value) + "\n";
}

std::string listed(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& each : texts) {
    all += (all.empty() ? "" : ", ") + each;
  }
  return all;
}

const char* name_of(package_kind kind) {
  switch (kind) {
    case package_kind::file: return "file";
    case package_kind::folder: return "folder";
    case package_kind::zip: break;
  }
  return "zip";
}

std::string finding_text(const finding& of) {
  std::string text = "  " + std::string(inspection::name_of(of.severity));
  text.resize(9, ' ');
  text += printable(of.id + ": " + of.where + ": " + of.what) + "\n";
  return of.advice.empty() ? text : text + "         -> " + printable(of.advice) + "\n";
}

std::string newest_versions(const elf_facts& elf, const lambda_system& system) {
  std::vector<std::string> shown;
  struct kind {
    const char* prefix;
    const version_numbers& there;
  };
  for (const kind& each :
       {kind{"GLIBC_", system.glibc}, kind{"GLIBCXX_", system.glibcxx}, kind{"CXXABI_", system.cxxabi}}) {
    version_numbers newest;
    for (const needed_version& wanted : elf.versions) {
      if (const auto version = version_behind(wanted.version, each.prefix); version && *version > newest) {
        newest = *version;
      }
    }
    if (!newest.empty()) {
      shown.push_back(each.prefix + text_of(newest) + " (there: " + text_of(each.there) + ")");
    }
  }
  return listed(shown);
}

std::string elf_text(const elf_facts& elf, const lambda_system& system) {
  std::vector<std::string> traits = {machine_name(elf.machine), elf.is_dynamic() ? "dynamic" : "static"};
  if (elf.is_pie) {
    traits.push_back("PIE");
  }
  traits.push_back(elf.debug_bytes > 0          ? "with debug information"
                   : elf.symbol_table_bytes > 0 ? "not stripped"
                                                : "stripped");
  traits.insert(traits.end(), elf.languages.begin(), elf.languages.end());
  std::string text = row("program", "ELF, " + listed(traits));
  if (!elf.build_id.empty()) {
    text += row("build id", elf.build_id);
  }
  if (!elf.needed.empty()) {
    text += row("libraries", listed(elf.needed));
  }
  if (const std::string versions = newest_versions(elf, system); !versions.empty()) {
    text += row("symbols of", versions);
  }
  std::vector<std::string> sections;
  for (std::size_t at = 0; at < std::min(elf.sections.size(), sections_shown); ++at) {
    sections.push_back(elf.sections[at].name + " " + byte_text(elf.sections[at].size_bytes));
  }
  if (!sections.empty()) {
    text += row("sections", listed(sections));
  }
  const char* label = "largest";
  for (const elf_symbol& each : elf.symbols) {
    std::string size = byte_text(each.size_bytes);
    size.insert(0, size.size() < 9 ? 9 - size.size() : 0, ' ');
    const bool is_long = each.name.size() > symbol_columns_max;
    text += row(label, size + "  " + each.name.substr(0, symbol_columns_max) + (is_long ? "…" : ""));
    label = "";
  }
  return text;
}

std::string code_text(const inspected_code& of) {
  const std::string target = of.code.target;
  std::string text = printable((of.name.empty() ? "" : of.name + ": ") + target) + " (" + name_of(of.code.kind) +
                     ") for " + std::string(of.system->runtime) + ", " + machine_name(of.machine) + "\n";
  for (const finding& each : of.findings) {
    text += finding_text(each);
  }
  if (of.findings.empty()) {
    text += "  fine     nothing to say against it\n";
  }
  std::string size = byte_text(of.code.unpacked_bytes) + " in " + std::to_string(of.code.files.size()) +
                     (of.code.files.size() == 1 ? " file" : " files");
  if (of.code.kind == package_kind::zip) {
    size += ", zipped " + byte_text(of.code.zip_bytes);
  }
  text += "\n" + row("size", size);
  if (of.code.bootstrap && of.code.bootstrap->elf) {
    text += elf_text(*of.code.bootstrap->elf, *of.system);
  } else if (of.code.bootstrap && of.code.bootstrap->kind == program_facts::kind_of::script) {
    text += row("program", "script of" + std::string(of.code.bootstrap->script_line.starts_with(' ') ? "" : " ") +
                               of.code.bootstrap->script_line);
  }
  return text;
}

}  // namespace

std::string report_text(const std::vector<inspected_code>& all, const std::vector<left_out_code>& left_out) {
  std::string text;
  for (const inspected_code& each : all) {
    text += (text.empty() ? "" : "\n") + code_text(each);
  }
  for (const left_out_code& each : left_out) {
    text += (text.empty() ? "" : "\n") + printable(each.name + ": not inspected: " + each.reason) + "\n";
  }
  return text;
}

}  // namespace kelvin::inspection
