#pragma once

#include "emulator/event_source/asynchronous/retry_plan.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/request_id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// What the function answered to the last attempt that reached it.
struct last_response {
  bool is_error = false;
  std::string_view payload;
};

/// An event that leaves the queue, as records tell of it. Views last for the call.
struct event_ending {
  kelvin::request_id request_id;
  std::string_view function_arn;  ///< with its qualifier
  final_condition condition = final_condition::success;
  unsigned invocations = 0;
  std::string_view event;
  std::optional<last_response> response;  ///< nullopt: no attempt reached the function
};

/// The record that a destination gets, one JSON document (AWS Lambda Developer Guide, asynchronous
/// invocation; recorded on AWS). Event and answer stand in it byte for byte, or as a JSON string
/// where they are not JSON.
std::string destination_record(const event_ending& ending, wall_time now);

/// What a dead-letter queue gets, one JSON document: `body`, the event as a string, and
/// `attributes`, the message attributes RequestID, ErrorCode and ErrorMessage.
std::string dead_letter_message(const event_ending& ending);

}  // namespace kelvin
