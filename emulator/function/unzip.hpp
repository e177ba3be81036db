#pragma once

#include "runtime-api/base/limits.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <string>

namespace kelvin {

/// Most entries that a zip may have; ours, since AWS names none.
inline constexpr std::uint64_t zip_entries = 100'000;

/// Unpacks `archive` into the existing empty folder `folder`. Modes come from the archive where it
/// was made on Unix (set-user-id bits dropped, the owner can always read), else files are 0644.
/// Symbolic links are made last and never followed.
/// Errors: not_found, permission_denied, invalid_argument (not a zip, damaged, encrypted, an entry
/// that leads out of the folder), limit_reached (more than `limit_bytes` unpacked, or too many
/// entries), unsupported (compression method), system_failure (writing failed).
result<void> unzip(const std::string& archive, const std::string& folder,
                   std::uint64_t limit_bytes = limits::zip_unpacked_bytes);

/// Whether the path is taken as a zip: it ends in .zip, or the file starts as a zip does.
bool is_zip(const std::string& path);

}  // namespace kelvin
