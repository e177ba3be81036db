#include "emulator/sandbox/memory_limit.hpp"

#include <algorithm>

namespace kelvin {
namespace {

/// Lest a function that is near its size and fills /tmp be looked at for each page. Under 1 % of any size.
constexpr std::uint64_t shortest_step = 1024 * 1024;

/// No process takes memory faster: the kernel has to clear it (measured: 2.5 GiB/s, in huge pages).
constexpr std::uint64_t bytes_per_ms = 3 * 1024 * 1024;

}  // namespace

std::uint64_t own_memory(const group_memory& now) noexcept {
  return now.anonymous + now.shared - std::min(now.shared, now.tmp);
}

std::optional<std::uint64_t> usage_to_look_at(std::uint64_t size, const group_memory& now) noexcept {
  const std::uint64_t own = own_memory(now);
  if (own >= size) {
    return std::nullopt;
  }
  return now.usage + std::max(size - own, shortest_step);
}

duration memory_look_interval(std::uint64_t size, std::uint64_t used) noexcept {
  const std::uint64_t left = size - std::min(used, size);
  return std::chrono::milliseconds(std::clamp<std::uint64_t>(left / bytes_per_ms, 1, 10));
}

}  // namespace kelvin
