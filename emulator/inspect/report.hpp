#pragma once

#include "emulator/inspect/code_facts.hpp"
#include "emulator/inspect/findings.hpp"

#include <string>
#include <vector>

namespace kelvin::inspection {

/// One function, looked at.
struct inspected_code {
  std::string name;  ///< empty: the target says it all
  const lambda_system* system = nullptr;
  std::uint16_t machine = 0;
  code_facts code;
  std::vector<finding> findings;
};

/// What was named and could not be looked at, as a function of a template whose code lies on AWS.
struct left_out_code {
  std::string name;
  std::string reason;
};

/// For people: findings first, then what it is. Ends with a newline.
std::string report_text(const std::vector<inspected_code>& all, const std::vector<left_out_code>& left_out);

/// For programs; docs/inspect.md describes it. Ends with a newline.
std::string report_json(const std::vector<inspected_code>& all, const std::vector<left_out_code>& left_out);

}  // namespace kelvin::inspection
