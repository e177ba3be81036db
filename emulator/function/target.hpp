#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/function/function_configuration.hpp"
#include "runtime-api/base/result.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kelvin {

class scratch_folder;

/// What to load a function from: an executable file, a folder holding `bootstrap`, or a .zip holding one.
struct target {
  std::string name;  ///< empty: taken from the path
  std::string path;
};

/// What is the same for all targets of one run.
struct load_options {
  std::optional<unsigned> memory_mib;  ///< not given: 128, and memory_chosen is false
  std::chrono::seconds timeout{3};
  std::string handler = "bootstrap";
  std::map<std::string, std::string> variables;
  std::vector<std::string> layers;  ///< folders or .zip files, in order
  std::optional<unsigned> reserved_concurrency;
  std::optional<unsigned> environments;  ///< not given: 4 × cores, at least 16
  std::string working_folder = ".";      ///< where `bootstrap` is looked for when there is no target
  scratch_folder* scratch = nullptr;     ///< never null; must outlive the functions
};

struct loaded_functions {
  std::vector<function_configuration> functions;  ///< at least one, in the order of the targets
  std::vector<api_configuration> apis;            ///< those that a template describes
  std::vector<std::string> warnings;              ///< sentences for the user
};

/// Loads every target and checks that its bootstrap can be run here. Each configuration has its
/// `bootstrap` set. Without targets: `bootstrap` in the working folder.
/// Errors: invalid_argument (name, variables, layer, not a zip, two functions of one name),
/// not_found, permission_denied, not_executable, limit_reached (zip or layers too large),
/// unsupported (a template), system_failure. The detail names the target and what to do.
result<loaded_functions> load_targets(std::vector<target> targets, const load_options& options);

/// Looks for the bootstrap where AWS does, `/var/task/bootstrap` then `/opt/bootstrap`, and sets
/// `bootstrap`, or `bootstrap_problem` to AWS's text.
void find_bootstrap(function_configuration& function);

}  // namespace kelvin
