#pragma once

#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/request_id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin::protocol {

/// `RequestId: <id> Error: <message>`, without an id `Error: <message>` (recorded on AWS).
std::string platform_message(const std::optional<request_id>& id, std::string_view message);

/// What the caller gets when the platform, not the function, made the error:
/// `{"errorType":…,"errorMessage":"RequestId: <id> Error: <message>"}` in this key order (recorded on
/// AWS). For Runtime.InvalidEntrypoint the message is that of the failed start.
payload platform_error(std::string_view error_type, const std::optional<request_id>& id, std::string_view message);

/// `Task timed out after 3.00 seconds` (recorded on AWS).
std::string timeout_message(duration timeout);

/// What a status of the runtime's process is called (recorded on AWS; signal names as Go prints
/// them): `Runtime exited without providing a reason` for 0, else `Runtime exited with error: exit
/// status N` or `Runtime exited with error: signal: killed`.
std::string exit_message(bool signaled, int value);

/// The caller's error for an answer over `limit_bytes`, with AWS's own key order (recorded on AWS):
/// `{"errorMessage":"Response payload size exceeded …","errorType":"Function.ResponseSizeTooLarge"}`.
payload response_too_large_error(std::size_t limit_bytes);

}  // namespace kelvin::protocol
