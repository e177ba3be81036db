#include "emulator/template/describe_template.hpp"

#include "emulator/template/property_table.hpp"
#include "emulator/template/read_apis.hpp"
#include "emulator/template/read_document.hpp"
#include "emulator/template/read_resources.hpp"

#include <filesystem>
#include <map>
#include <utility>

namespace kelvin::templates {
namespace {

/// One line for all types that kelvin does nothing for.
void tell_other_resources(const std::vector<resource>& all, diagnostics& notes) {
  std::map<std::string, unsigned> counts;
  place first;
  for (const resource& each : all) {
    if (use_of_type(each.type) == use::unsupported) {
      first = counts.empty() ? each.at : first;
      ++counts[each.type];
    }
  }
  if (counts.empty()) {
    return;
  }
  std::string text;
  for (const auto& [type, count] : counts) {
    text += (text.empty() ? "" : ", ") + type + (count > 1 ? " (" + std::to_string(count) + ")" : "");
  }
  notes.warn(first, "resources that are not served here: " + text);
}

/// Takes out what is not there under its condition.
void apply_conditions(std::vector<resource>& all, resolver& values) {
  std::vector<bool> kept;
  for (const resource& each : all) {
    kept.push_back(each.condition.empty() || values.holds(each.condition, each.at));
  }
  std::size_t at = 0;
  std::erase_if(all, [&](const resource&) { return !kept[at++]; });
}

}  // namespace

result<project> describe_template(std::string_view text, const std::string& file, const template_options& options) {
  const auto document = read_document(text, file);
  if (!document) {
    return document.error();
  }
  diagnostics notes(file);
  project made;
  made.file = file;
  std::vector<resource> resources = read_resources(*document, notes);
  if (notes.failed()) {
    return notes.error();
  }
  check_circular_references(resources, notes);
  resolver values(*document, resources, options.facts, notes);
  apply_conditions(resources, values);
  if (notes.failed()) {
    return notes.error();
  }
  const std::string folder = std::filesystem::path(file).parent_path().string();
  const model in{*document, resources, values, notes, folder.empty() ? "." : folder, options.files, made};
  read_functions(in, options.variables);
  read_event_invoke(in);
  read_event_sources(in);
  read_apis(in);
  tell_other_resources(resources, notes);
  if (notes.failed()) {
    return notes.error();
  }
  made.warnings = notes.warnings();
  return made;
}

}  // namespace kelvin::templates
