#pragma once

#include "emulator/sandbox/descriptor.hpp"

#include <sys/types.h>

#include <cstdint>

namespace kelvin {

/// Measures the anonymous and shared memory of a process and its descendants. Made for being asked
/// once per invocation: two reads of open files where nothing changed.
class memory_sampler {
 public:
  explicit memory_sampler(pid_t process) noexcept : process_(process) {}

  /// Samples now; returns the highest sum in bytes seen so far, 0 if the process was gone before the
  /// first sample.
  std::uint64_t sample();

 private:
  void open_files() noexcept;
  std::uint64_t measure_tree() const;

  pid_t process_;
  bool opened_ = false;
  descriptor statm_;
  descriptor children_;
  std::uint64_t anonymous_bytes_ = 0;  ///< of the first process when the tree was last measured
  std::uint64_t maximum_bytes_ = 0;
};

}  // namespace kelvin
