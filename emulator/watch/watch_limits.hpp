#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// The bounds of watching files; all of them are ours and are listed in docs/specification.md.
namespace kelvin::limits {

using namespace std::chrono_literals;

inline constexpr auto watch_quiet = 30ms;            ///< without an event, then a change is reported
inline constexpr auto watch_quiet_longest = 1s;      ///< from the first event, however many follow
inline constexpr std::size_t watches = 65'536;       ///< folders of one watcher
inline constexpr std::size_t watched_links = 1'000;  ///< links inside one folder that are followed
inline constexpr std::size_t reported_paths = 16;    ///< named in one report of a change
inline constexpr std::size_t symbolic_links = 40;    ///< on the way to one file, as Linux has it

inline constexpr auto settle_first_wait = 50ms;  ///< to the second look at an artifact; each wait doubles
inline constexpr auto settle_longest_wait = 1s;  ///< between two looks
inline constexpr auto settle_patience = 10s;     ///< then only a new event makes for another look

inline constexpr std::uint64_t snapshot_piece_bytes = 1024 * 1024;  ///< copied in one turn of the loop
inline constexpr int snapshot_attempts = 3;

}  // namespace kelvin::limits
