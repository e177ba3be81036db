#pragma once

#include "runtime-api/base/clock.hpp"

#include <cstdint>
#include <optional>

namespace kelvin {

/// What a control group holds. Bytes.
struct group_memory {
  std::uint64_t usage = 0;      ///< all that counts for the kernel: pages of files and its own too
  std::uint64_t anonymous = 0;  ///< processes' own memory
  std::uint64_t shared = 0;     ///< in memory file systems and shared between processes
  std::uint64_t tmp = 0;        ///< what /tmp holds, in memory too; only what `shared` counts is in this group
};

/// What counts as the function's memory: anonymous and shared; on AWS files in /tmp do not.
std::uint64_t own_memory(const group_memory& now) noexcept;

/// The usage at which to look again, for only from there on can a function have used up `size`; nothing
/// where it has.
std::optional<std::uint64_t> usage_to_look_at(std::uint64_t size, const group_memory& now) noexcept;

/// How long a function that has work and was seen to use `used` bytes may go unseen: so long as it takes at
/// least to use up `size`, from 1 to 10 ms.
duration memory_look_interval(std::uint64_t size, std::uint64_t used) noexcept;

}  // namespace kelvin
