#pragma once

#include "emulator/app/settings.hpp"
#include "emulator/cli/setting_option.hpp"
#include "runtime-api/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace kelvin {

/// Whether a command takes the options of `kelvin watch` too.
enum class option_scope { serving, watching };

/// The options that several commands share, from the command line or, for those not given there,
/// from KELVIN_… variables; else defaults.
class settings_options {
 public:
  explicit settings_options(option_scope scope = option_scope::serving);

  /// Adds all of them to a command; this object must outlive the parsing.
  void add_to(CLI::App& app);

  /// The settings, once the command line was parsed. Errors: invalid_argument, unsupported, and what
  /// reading --env-file gives; the detail names the option or the variable, the value and the range.
  result<settings> read() const;

  struct effective_value {
    std::string name;  ///< without the dashes
    std::string value;
    std::string origin;  ///< `default`, `environment variable KELVIN_…` or `command line`
  };
  /// What `read` gave, option by option.
  std::vector<effective_value> effective_values(const settings& read) const;

  /// The first of them that stands on the command line; nullptr if none does.
  const char* first_on_command_line() const noexcept;

 private:
  struct given_option {
    const setting_option* option;
    std::vector<std::string> given;
    std::vector<std::string> values() const;
    std::string origin() const;
  };
  std::vector<given_option> entries_;
};

/// Help text of an option: what it is, its variable and its default.
std::string described(std::string_view help, std::string_view variable, std::string_view default_text);

/// Takes TARGET arguments apart. Errors: invalid_argument.
result<std::vector<target_argument>> parse_targets(const std::vector<std::string>& texts);

/// An environment variable that is set and not empty; nullptr otherwise.
const char* environment_variable(const char* name) noexcept;

/// Variables of kelvin's own environment that look like an option's and are none, sorted.
std::vector<std::string> unknown_variables();

}  // namespace kelvin
