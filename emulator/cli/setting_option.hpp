#pragma once

#include "emulator/app/settings.hpp"
#include "runtime-api/base/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kelvin {

/// One option that several commands have in common.
struct setting_option {
  const char* name;        ///< `--memory`
  const char* variable;    ///< the environment variable that stands for it, `KELVIN_MEMORY`
  const char* value_name;  ///< for --help; empty for a flag
  const char* help;
  const char* default_text;
  /// What separates several values in the environment variable; 0: the option has one value, and
  /// the last one given counts.
  char separator;
  /// Takes over one value; flags get `true` or `false`. Errors: see option_value.hpp.
  result<void> (*apply)(settings&, std::string_view);
  /// The effective value for `kelvin config`.
  std::string (*print)(const settings&);
};

std::span<const setting_option> function_options();      ///< functions that no template describes
std::span<const setting_option> asynchronous_options();  ///< asynchronous invocations of all functions
std::span<const setting_option> machine_options();       ///< the account and the machine
std::span<const setting_option> server_options();        ///< the callers' port and the log
std::span<const setting_option> watch_options();         ///< of `kelvin watch` alone

}  // namespace kelvin
