#pragma once

#include <string_view>

namespace kelvin {

/// How far a function is kept apart from the machine.
enum class isolation_level {
  host,    ///< a process like any other: real folders, a clean environment
  lambda,  ///< namespaces of its own: /var/task, /opt and /tmp as on AWS, all else read-only
};

constexpr std::string_view name_of(isolation_level level) noexcept {
  return level == isolation_level::lambda ? "lambda" : "host";
}

}  // namespace kelvin
