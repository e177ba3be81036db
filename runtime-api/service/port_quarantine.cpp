#include "runtime-api/service/port_quarantine.hpp"

#include <algorithm>

namespace kelvin::service {

void port_quarantine::release(std::uint16_t port, steady_time now) {
  if (released_.size() == capacity_) {
    released_.pop_front();
  }
  released_.push_back({port, now + rest_});
}

bool port_quarantine::holds(std::uint16_t port, steady_time now) {
  while (!released_.empty() && released_.front().until <= now) {
    released_.pop_front();
  }
  return std::any_of(released_.begin(), released_.end(),
                     [&](const entry& each) { return each.port == port && each.until > now; });
}

}  // namespace kelvin::service
