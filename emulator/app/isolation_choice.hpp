#pragma once

#include "emulator/function/isolation_level.hpp"
#include "emulator/sandbox/isolation_probe.hpp"
#include "runtime-api/base/result.hpp"

#include <optional>
#include <string>

namespace kelvin {

/// Decides at which isolation level functions run: the one that was asked for, else `lambda` where this
/// machine lets it be set up. That is tried beside everything else that a start has to do.
class isolation_choice {
 public:
  /// Starts trying, unless `host` was asked for. To be called while the process is single-threaded.
  static isolation_choice begin(std::optional<isolation_level> asked);

  struct decision {
    isolation_level level = isolation_level::host;
    std::string why_not_lambda;  ///< where nobody asked for `host`: which step failed, and what to do
  };
  /// Waits until it is known. To be called once. Errors: unsupported, if `lambda` was asked for and this
  /// machine refuses it.
  result<decision> decide();

 private:
  explicit isolation_choice(std::optional<isolation_level> asked) : asked_(asked) {}

  std::optional<isolation_level> asked_;
  std::optional<isolation_probe> probe_;
};

}  // namespace kelvin
