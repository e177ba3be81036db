#pragma once

#include "emulator/sandbox/keeper_message.hpp"
#include "runtime-api/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// How often a start is tried when the keeper is killed under it.
inline constexpr int start_attempts = 3;

/// The operating system's words for an errno, in lower case as AWS prints them: `permission denied`.
std::string describe_error(int error);

/// A system call of kelvin's own that failed: limit_reached where a limit was met (with the limit to
/// raise), else system_failure.
failure call_failure(std::string_view call, int error);

/// A start that a keeper reported as failed. A program that cannot be run is not_executable with AWS's
/// own text, `fork/exec <program>: <reason>` (recorded on AWS; the texts are Go's).
failure start_failure(const keeper_report& report, std::string_view program, std::string_view working_directory);

/// A step of isolation level `lambda` that failed, named, with what it was about.
failure isolation_failure(const keeper_report& report);

/// The keeper did not answer a start in time.
failure keeper_timed_out(std::string_view program);
/// Every keeper that was to start the program was killed.
failure keepers_lost(std::string_view program);

/// invalid_argument if a text of the request holds a NUL byte, which no process can be given.
std::optional<failure> find_nul(const start_request& request);

}  // namespace kelvin
