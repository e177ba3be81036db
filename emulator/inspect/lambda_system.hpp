#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::inspection {

/// The numbers of a version such as `GLIBC_2.34`: 2, 34.
using version_numbers = std::vector<unsigned>;

/// What stands behind `prefix` in a symbol's version, taken apart; nullopt if it is none of that kind.
std::optional<version_numbers> version_behind(std::string_view text, std::string_view prefix);

/// `2.34` of 2, 34.
std::string text_of(const version_numbers& version);

/// What a managed runtime's operating system holds.
struct lambda_system {
  std::string_view runtime;  ///< `provided.al2023`
  std::string_view name;     ///< `Amazon Linux 2023`
  version_numbers glibc;
  version_numbers glibcxx;           ///< of its newest libstdc++
  version_numbers glibcxx_at_first;  ///< of the one that it began with, which an old runtime version still has
  version_numbers cxxabi;
  std::span<const std::string_view> libraries;     ///< sonames, sorted
  std::span<const std::string_view> interpreters;  ///< programs that a #! line or `env` may name

  bool has_library(std::string_view soname) const;
};

/// nullptr: no such runtime, or one that starts no bootstrap.
const lambda_system* find_system(std::string_view runtime);

/// The loader of the architecture there: `/lib64/ld-linux-x86-64.so.2`, `/lib/ld-linux-aarch64.so.1`.
std::string_view loader_of(std::uint16_t machine);

}  // namespace kelvin::inspection
