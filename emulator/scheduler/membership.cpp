// Functions that come and go while kelvin serves.

#include "emulator/scheduler/scheduler.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace kelvin {

void scheduler::add(const function_configuration& function) {
  assert(!functions_.contains(function.name));
  functions_.try_emplace(function.name).first->second.serving = make_pool(function);
  count_reserved_concurrency();
}

bool scheduler::remove(std::string_view name) {
  const auto found = functions_.find(name);
  if (found == functions_.end()) {
    return false;
  }
  scheduled_function gone = std::move(found->second);
  functions_.erase(found);
  count_reserved_concurrency();
  for (const auto& each : {std::exchange(gone.on_trial, nullptr), std::exchange(gone.serving, nullptr)}) {
    if (!each) {
      continue;
    }
    while (!each->waiting.empty()) {
      take_waiting(*each, each->waiting.size() - 1)
          ->finish({service_failure{"function " + each->function.name + " is not served any more"}, {}, {}});
    }
    retire(each);
  }
  return true;
}

}  // namespace kelvin
