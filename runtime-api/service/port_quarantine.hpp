#pragma once

#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace kelvin::service {

/// Ports of Runtime APIs that have ended. A process that outlived its environment by a moment must
/// not talk to the environment that comes after it, so such a port rests for a while.
class port_quarantine {
 public:
  explicit port_quarantine(duration rest = limits::port_quarantine, std::size_t capacity = 4096)
      : rest_(rest), capacity_(capacity) {}

  /// The port is no longer used. Past the capacity the one that rested longest is let go.
  void release(std::uint16_t port, steady_time now);
  /// Whether the port was released less than the resting time ago.
  bool holds(std::uint16_t port, steady_time now);
  std::size_t size() const noexcept { return released_.size(); }

 private:
  struct entry {
    std::uint16_t port;
    steady_time until;
  };

  duration rest_;
  std::size_t capacity_;
  std::deque<entry> released_;
};

}  // namespace kelvin::service
