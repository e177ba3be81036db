#pragma once

#include "emulator/lab/regression_gate.hpp"

#include <span>
#include <string>

namespace kelvin::lab {

/// What was decided of one target.
struct gated_target {
  std::string name;
  gate_decision decision;
};

/// The decisions as a JUnit document of one suite `kelvin bench` with a test case per target: a regression is a
/// failure, an undecided one an error, both with the sentence that `describe` gives. Characters that XML does not know
/// and bytes that are not UTF-8 become U+FFFD.
std::string report_junit(std::span<const gated_target> targets);

}  // namespace kelvin::lab
