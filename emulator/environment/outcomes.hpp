#pragma once

#include "emulator/invoke/invocation_outcome.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/request_id.hpp"
#include "runtime-api/service/runtime_api.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kelvin {

/// The part of an outcome that the function decides.
using outcome_answer = decltype(invocation_outcome::answer);

/// What the caller gets for an answer at /response: its bytes, or AWS's error for a broken one.
outcome_answer answer_for(service::runtime_response response, const request_id& id);

/// AWS's billing rule since 2025-08-01: the init phase's duration, if this invocation carries one,
/// and the invocation's own are added, then rounded up to a whole millisecond, at least 1. Both count
/// as REPORT prints them.
std::uint64_t billed_duration_ms(std::optional<duration> init, duration took);

/// `<ISO time>Z <id> Task timed out after 3.00 seconds` and an empty line, as AWS logs it.
std::string timeout_line(wall_time now, const request_id& id, std::string_view message);

/// `RequestId: <id> Error: <message>` and the error type on a line of its own.
std::string fault_line(const request_id& id, std::string_view message, std::string_view error_type);

}  // namespace kelvin
