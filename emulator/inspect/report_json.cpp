#include "emulator/function/elf_header.hpp"
#include "emulator/inspect/report.hpp"

#include <nlohmann/json.hpp>

namespace kelvin::inspection {
namespace {

using json = nlohmann::ordered_json;

/// Programs that read it look at this first; it grows when a member changes its meaning or goes.
constexpr int schema_version = 1;

const char* name_of(package_kind kind) {
  switch (kind) {
    case package_kind::file: return "file";
    case package_kind::folder: return "folder";
    case package_kind::zip: break;
  }
  return "zip";
}

const char* name_of(program_facts::kind_of kind) {
  switch (kind) {
    case program_facts::kind_of::elf: return "elf";
    case program_facts::kind_of::script: return "script";
    case program_facts::kind_of::empty: return "empty";
    case program_facts::kind_of::unknown: break;
  }
  return "unknown";
}

json json_of(const std::string& path, const elf_facts& elf, const inspected_code& of) {
  json libraries = json::array();
  for (const std::string& name : elf.needed) {
    const std::string place = find_library(of.code, *of.system, path, elf, name);
    const char* from = place.empty() ? "missing" : place.starts_with('/') ? "package" : "system";
    libraries.push_back({{"name", name}, {"from", from}});
  }
  json versions = json::array();
  for (const needed_version& each : elf.versions) {
    versions.push_back({{"library", each.library}, {"version", each.version}});
  }
  json sections = json::array();
  for (const elf_section& each : elf.sections) {
    sections.push_back({{"name", each.name}, {"size_bytes", each.size_bytes}});
  }
  json symbols = json::array();
  for (const elf_symbol& each : elf.symbols) {
    symbols.push_back({{"name", each.name}, {"size_bytes", each.size_bytes}});
  }
  return {{"architecture", machine_name(elf.machine)},
          {"bits", elf.is_64_bit ? 64 : 32},
          {"whole", elf.is_whole},
          {"linked", elf.is_dynamic() ? "dynamic" : "static"},
          {"pie", elf.is_pie},
          {"interpreter", elf.interpreter},
          {"build_id", elf.build_id},
          {"languages", elf.languages},
          {"debug_bytes", elf.debug_bytes},
          {"symbol_table_bytes", elf.symbol_table_bytes},
          {"libraries", libraries},
          {"versions", versions},
          {"sections", sections},
          {"symbols", symbols}};
}

json bootstrap_of(const inspected_code& of) {
  if (!of.code.bootstrap) {
    return nullptr;
  }
  const program_facts& program = *of.code.bootstrap;
  const std::string place = followed(of.code, program.path);
  const auto file = of.code.files.find(place);
  return {{"path", program.path},
          {"size_bytes", file == of.code.files.end() ? 0 : file->second.size_bytes},
          {"kind", name_of(program.kind)},
          {"script_line", program.script_line},
          {"elf", program.elf ? json_of(program.path, *program.elf, of) : json(nullptr)}};
}

json json_of(const inspected_code& of) {
  json found = json::array();
  for (const finding& each : of.findings) {
    found.push_back({{"severity", inspection::name_of(each.severity)},
                     {"id", each.id},
                     {"where", each.where},
                     {"what", each.what},
                     {"advice", each.advice}});
  }
  return {{"name", of.name},
          {"target", of.code.target},
          {"runtime", of.system->runtime},
          {"architecture", machine_name(of.machine)},
          {"fails", any_fails(of.findings)},
          {"findings", found},
          {"package",
           {{"kind", name_of(of.code.kind)},
            {"files", of.code.files.size()},
            {"unzipped_bytes", of.code.unpacked_bytes},
            {"zip_bytes", of.code.zip_bytes}}},
          {"bootstrap", bootstrap_of(of)}};
}

}  // namespace

std::string report_json(const std::vector<inspected_code>& all, const std::vector<left_out_code>& left_out) {
  json document = {{"version", schema_version}, {"functions", json::array()}, {"not_inspected", json::array()}};
  for (const inspected_code& each : all) {
    document["functions"].push_back(json_of(each));
  }
  for (const left_out_code& each : left_out) {
    document["not_inspected"].push_back({{"name", each.name}, {"reason", each.reason}});
  }
  // Names in an ELF file need not be UTF-8.
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace kelvin::inspection
