#pragma once

#include "emulator/app/load_functions.hpp"

#include <string>
#include <vector>

namespace kelvin {

/// What is different between two readings of the same targets, by the names of functions that templates describe.
struct project_change {
  std::vector<std::string> added;
  std::vector<std::string> changed;  ///< another code, handler, setting or variable
  std::vector<std::string> removed;
  bool operator==(const project_change&) const = default;
};

/// Where in a file something stands is no difference.
project_change compare(const described_targets& before, const described_targets& after);

/// The target that a function comes from, with that function alone, so that another function's trouble is not this
/// one's. Empty: it comes from none of them.
described_targets alone(const function_configuration& function, const described_targets& all);
/// The same for a function that a template describes by that name.
described_targets alone(const std::string& described_name, const described_targets& all);

/// `2 functions added (a, b), 1 changed (c)`; empty where nothing is different.
std::string change_text(const project_change& change);

}  // namespace kelvin
