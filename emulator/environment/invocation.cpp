#include "emulator/environment/invocation.hpp"

#include <cassert>
#include <utility>

namespace kelvin {

bool invocation::abandon() {
  if (outcome_.is_set()) {
    return false;
  }
  outcome_.set({service_failure{"the caller has stopped waiting"}, {}, {}});
  return true;
}

void invocation::finish(invocation_outcome outcome) {
  assert(!finished_);
  finished_ = true;
  if (!outcome_.is_set()) {
    outcome_.set(std::move(outcome));
  } else if (late_) {
    std::exchange(late_, nullptr)();
  }
}

}  // namespace kelvin
