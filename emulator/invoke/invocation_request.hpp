#pragma once

#include "emulator/invoke/caller_patience.hpp"
#include "runtime-api/base/byte_channel.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/request_id.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kelvin {

/// One event on its way to a function. The function exists: front doors resolve names first.
struct invocation_request {
  kelvin::request_id request_id = request_id::generate();
  std::string function_name;
  std::string invoked_function_arn;  ///< as invoked: with the qualifier if the caller gave one
  payload event;                     ///< valid JSON for the Invoke API; bytes as they came
  std::string content_type = "application/json";
  std::string trace_id;                         ///< caller's X-Amzn-Trace-Id; empty: one is made
  std::optional<std::string> client_context;    ///< decoded JSON text
  std::optional<std::string> cognito_identity;  ///< JSON text
  /// Where a streamed answer goes as it comes; ended, whatever the outcome, before the outcome is
  /// there. Null: the answer is collected.
  std::shared_ptr<byte_channel> stream{};
  /// Null: the caller waits as long as it takes. Must outlive invoke().
  caller_patience* patience = nullptr;
  bool log_tail = false;  ///< wait for REPORT and return the log's end
};

}  // namespace kelvin
