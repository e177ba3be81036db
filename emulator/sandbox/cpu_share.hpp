#pragma once

#include <chrono>

namespace kelvin {

/// AWS: the invoke phase is held to its share of CPU by a quota of this period (measured on AWS).
inline constexpr std::chrono::microseconds cpu_period{20'000};

/// The virtual CPUs of a memory size (AWS: two at least, six at 10,240 MB, a step each 1,769 MB).
unsigned virtual_cpus(unsigned memory_mib) noexcept;

/// CPU time that all threads of an execution environment together get in one cpu_period of the invoke
/// phase: memory/1769 of one CPU, at most its virtual CPUs (AWS: 1,769 MB is one vCPU).
std::chrono::microseconds cpu_quota(unsigned memory_mib) noexcept;

}  // namespace kelvin
