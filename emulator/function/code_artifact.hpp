#pragma once

#include "emulator/function/function_configuration.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/result.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace kelvin {

/// What would be uploaded as a function's code, measured: the .zip that was named, else the
/// bootstrap file.
struct code_artifact {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::array<unsigned char, 32> sha256{};
  wall_time last_modified{};  ///< of the newest file of the function's code
};

/// Measures code artifacts on demand and keeps what it has found until the file changes.
class code_artifacts {
 public:
  /// Hashes in pieces and lets the loop go on in between. Errors: system_failure (the file cannot be
  /// read; the detail names it).
  awaitable<result<code_artifact>> measure(const function_configuration& function);

 private:
  struct measured {
    std::int64_t modified_ns = 0;  ///< of the artifact itself
    code_artifact artifact;
  };
  std::map<std::string, measured> by_path_;
};

}  // namespace kelvin
