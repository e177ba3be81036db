#pragma once

#include "emulator/sandbox/isolated_process.hpp"
#include "runtime-api/base/result.hpp"

#include <utility>

namespace kelvin {

/// One full dry set-up of isolation level `lambda`: namespaces, root, mounts, everything but a program.
/// Some systems let namespaces be made and refuse the mounts in them, so nothing less tells. It runs in a
/// process of its own beside its caller, who asks for the outcome when it is needed.
class isolation_probe {
 public:
  /// Starts it. To be called while this process is single-threaded.
  static isolation_probe begin() noexcept;
  isolation_probe(isolation_probe&& other) noexcept : place_(std::exchange(other.place_, {})) {}
  isolation_probe& operator=(isolation_probe&&) = delete;
  /// Kills and reaps what still runs.
  ~isolation_probe();

  /// Waits for the outcome, bounded. To be called once. Errors: system_failure, whose detail names the
  /// step that failed.
  result<void> finish();

 private:
  explicit isolation_probe(isolated_place place) noexcept : place_(std::move(place)) {}

  isolated_place place_;
};

}  // namespace kelvin
