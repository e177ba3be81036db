#pragma once

#include "emulator/function/function_configuration.hpp"
#include "runtime-api/base/result.hpp"

#include <string_view>
#include <variant>
#include <vector>

namespace kelvin {

/// The functions of this run, and the rules by which callers name them.
class function_registry {
 public:
  function_registry(account_configuration account, std::vector<function_configuration> functions);

  const account_configuration& account() const noexcept { return account_; }
  account_configuration& account() noexcept { return account_; }
  const std::vector<function_configuration>& functions() const noexcept { return functions_; }
  /// By its exact name; nullptr if there is none.
  const function_configuration* find(std::string_view name) const noexcept;
  /// Puts another configuration in the place of the function of the same name: pointers to it stay good, and see the
  /// new values. False: there is none of this name.
  bool replace(function_configuration next);
  /// By its exact name, else by its logical id, or, where there is only one function, by `function`.
  const function_configuration* resolve(std::string_view name) const noexcept;

 private:
  account_configuration account_;
  std::vector<function_configuration> functions_;
};

}  // namespace kelvin
