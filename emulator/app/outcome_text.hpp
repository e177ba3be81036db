#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "runtime-api/base/lifecycle_event.hpp"

#include <string>

namespace kelvin {

/// An outcome in one line for a log: a notice's level and its text.
struct outcome_line {
  notice_level level = notice_level::info;
  std::string text;
};

/// `answered {"x":1}`, `failed: {"errorMessage":…}`; of an answer at most 500 columns.
outcome_line outcome_text(const invocation_outcome& outcome);

}  // namespace kelvin
