#pragma once

#include "emulator/app/settings.hpp"
#include "emulator/function/scratch_folder.hpp"
#include "emulator/function/target.hpp"
#include "emulator/template/project.hpp"

#include <optional>
#include <vector>

namespace kelvin {

/// One TARGET: a template that was read, or what load_targets() takes.
struct described_target {
  target plain;
  std::optional<templates::project> described;
};

/// The targets of a run, before any code was looked at.
struct described_targets {
  std::vector<described_target> all;
  /// Whether a memory size was chosen for any function: by --memory or by a template.
  bool memory_chosen = false;
  /// What was read for it: templates, what they include, JSON files of variables.
  std::vector<std::string> files;
};

/// Reads the templates among the settings' targets; without targets, the one of the working folder: what `sam build`
/// made, else template.yaml, template.yml or template.json, else `bootstrap`. Starts no thread and unpacks nothing.
/// Errors: those of describe_template(), not_found, permission_denied, and invalid_argument for options that templates
/// decide.
result<described_targets> describe_targets(const settings& chosen);

/// Loads the functions; what has to be unpacked goes into `scratch`. Errors: those of load_targets() and
/// load_project(), invalid_argument for two functions of one name.
result<loaded_functions> load_functions(const settings& chosen, const described_targets& targets,
                                        scratch_folder& scratch);

}  // namespace kelvin
