#pragma once

#include "emulator/function/function_configuration.hpp"
#include "runtime-api/base/result.hpp"

#include <list>
#include <string_view>
#include <vector>

namespace kelvin {

/// The functions of this run, and the rules by which callers name them.
class function_registry {
 public:
  function_registry(account_configuration account, std::vector<function_configuration> functions);

  const account_configuration& account() const noexcept { return account_; }
  account_configuration& account() noexcept { return account_; }
  const std::list<function_configuration>& functions() const noexcept { return functions_; }
  /// By its exact name; nullptr if there is none.
  const function_configuration* find(std::string_view name) const noexcept;
  /// Puts another configuration in the place of the function of the same name: pointers to it stay good, and see the
  /// new values. False: there is none of this name.
  bool replace(function_configuration next);
  /// Behind the others. Precondition: there is none of this name.
  const function_configuration& add(function_configuration added);
  /// Not found any more from now on; pointers to it stay good, for those who found it before. False: there is none of
  /// this name.
  bool remove(std::string_view name);
  /// By its exact name, else by its logical id, or, where there is only one function, by `function`.
  const function_configuration* resolve(std::string_view name) const noexcept;

 private:
  account_configuration account_;
  std::list<function_configuration> functions_;
  std::list<function_configuration> removed_;  ///< few: a person took them out of a template
};

}  // namespace kelvin
