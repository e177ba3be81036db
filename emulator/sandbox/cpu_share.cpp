#include "emulator/sandbox/cpu_share.hpp"

#include <algorithm>
#include <cstdint>

namespace kelvin {
namespace {

/// AWS: Lambda memory configuration.
constexpr std::int64_t mib_per_cpu = 1769;

}  // namespace

unsigned virtual_cpus(unsigned memory_mib) noexcept {
  const auto steps = (memory_mib + mib_per_cpu - 1) / mib_per_cpu;
  return static_cast<unsigned>(std::clamp<std::int64_t>(steps, 2, 6));
}

std::chrono::microseconds cpu_quota(unsigned memory_mib) noexcept {
  const std::chrono::microseconds share{(cpu_period.count() * memory_mib + mib_per_cpu / 2) / mib_per_cpu};
  return std::min(share, cpu_period * virtual_cpus(memory_mib));
}

}  // namespace kelvin
