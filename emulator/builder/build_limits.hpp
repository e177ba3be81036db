#pragma once

#include <chrono>
#include <cstddef>

/// The bounds of builds, all of them ours.
namespace kelvin::limits {

inline constexpr std::chrono::minutes build_time{30};           ///< then a build is ended as one that hangs
inline constexpr std::chrono::milliseconds build_grace{2000};   ///< from SIGTERM to SIGKILL, for make to tidy up
inline constexpr std::size_t build_last_lines = 20;             ///< that are kept of a build's output
inline constexpr std::size_t build_last_line_bytes = 1000;      ///< of each of them
inline constexpr std::size_t build_folder_levels = 8;           ///< from the artifact upwards to the project
inline constexpr std::size_t project_file_bytes = 1024 * 1024;  ///< of a file that is read to recognise a project
inline constexpr unsigned build_restarts = 5;                   ///< by changes, before one build may run to its end

}  // namespace kelvin::limits
