#pragma once

#include "emulator/function/target.hpp"
#include "emulator/template/project.hpp"
#include "runtime-api/base/result.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kelvin::templates {

/// What functions get that their template says nothing about.
struct project_options {
  std::optional<unsigned> environments;  ///< not given: as load_targets() takes
  logging_configuration logging;
  event_invoke_configuration event_invoke;  ///< each part for functions that have none
  scratch_folder* scratch = nullptr;        ///< never null; must outlive the functions
};

/// Leaves out the routes that lead to one of these functions or are guarded by one: an authorizer that is not there
/// must open no route. A warning each.
void leave_out(const std::set<std::string>& absent, std::vector<api_configuration>& apis,
               std::vector<std::string>& warnings);

/// Loads the code of every function. A function that kelvin cannot run by its kind (another runtime than
/// provided.*, code on AWS) is left out, and so are the routes that lead to it or are guarded by it: a warning each.
/// Errors: those of load_targets(), with `FILE:LINE`, the function and what to do; unsupported if no function is left.
result<loaded_functions> load_project(const project& described, const project_options& options);

}  // namespace kelvin::templates
