#include "emulator/function/function_registry.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace kelvin {

function_registry::function_registry(account_configuration account, std::vector<function_configuration> functions)
    : account_(std::move(account)),
      functions_(std::make_move_iterator(functions.begin()), std::make_move_iterator(functions.end())) {}

const function_configuration* function_registry::find(std::string_view name) const noexcept {
  const auto found = std::find_if(functions_.begin(), functions_.end(),
                                  [name](const function_configuration& function) { return function.name == name; });
  return found == functions_.end() ? nullptr : &*found;
}

bool function_registry::replace(function_configuration next) {
  const auto found =
      std::find_if(functions_.begin(), functions_.end(),
                   [&next](const function_configuration& function) { return function.name == next.name; });
  if (found == functions_.end()) {
    return false;
  }
  *found = std::move(next);
  return true;
}

const function_configuration& function_registry::add(function_configuration added) {
  assert(find(added.name) == nullptr);
  return functions_.emplace_back(std::move(added));
}

bool function_registry::remove(std::string_view name) {
  const auto found = std::find_if(functions_.begin(), functions_.end(),
                                  [name](const function_configuration& function) { return function.name == name; });
  if (found == functions_.end()) {
    return false;
  }
  removed_.splice(removed_.end(), functions_, found);
  return true;
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
