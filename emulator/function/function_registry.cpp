#include "emulator/function/function_registry.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {

function_registry::function_registry(account_configuration account, std::vector<function_configuration> functions)
    : account_(std::move(account)), functions_(std::move(functions)) {}

const function_configuration* function_registry::find(std::string_view name) const noexcept {
  const auto found = std::find_if(functions_.begin(), functions_.end(),
                                  [name](const function_configuration& function) { return function.name == name; });
  return found == functions_.end() ? nullptr : &*found;
}

const function_configuration* function_registry::resolve(std::string_view name) const noexcept {
  if (const auto* exact = find(name))
    return exact;
  const auto logical = std::find_if(functions_.begin(), functions_.end(),
                                    [name](const auto& function) { return function.logical_id == name; });
  if (logical != functions_.end() && !name.empty())
    return &*logical;
  return functions_.size() == 1 && name == "function" ? &functions_.front() : nullptr;
}

}  // namespace kelvin
