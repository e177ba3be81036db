#pragma once

#include "runtime-api/base/limits.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace kelvin {

/// Where a record of an asynchronous invocation goes.
struct event_destination {
  enum class kind_type {
    function,  ///< invoked asynchronously with the record
    file,      ///< gets one line of JSON per record
  };
  kind_type kind = kind_type::file;
  std::string name;  ///< of the function, or the file's path
  bool operator==(const event_destination&) const = default;
};

/// AWS Lambda API, FunctionEventInvokeConfig and DeadLetterConfig: what becomes of a function's
/// asynchronous invocations. Not set: AWS's defaults, and no record.
struct event_invoke_configuration {
  std::optional<unsigned> maximum_retry_attempts;         ///< 0 to 2
  std::optional<std::chrono::seconds> maximum_event_age;  ///< on AWS 60 s to 6 h
  std::optional<event_destination> on_success;
  std::optional<event_destination> on_failure;
  std::optional<event_destination> dead_letter;

  bool operator==(const event_invoke_configuration&) const = default;
  unsigned retries() const noexcept { return maximum_retry_attempts.value_or(limits::asynchronous_retries_max); }
  std::chrono::seconds age_max() const noexcept {
    return maximum_event_age.value_or(std::chrono::seconds(limits::event_age_max));
  }
  /// Whether GetFunctionEventInvokeConfig has something to show; a dead-letter queue is no part of it.
  bool is_set() const noexcept { return maximum_retry_attempts || maximum_event_age || on_success || on_failure; }
};

}  // namespace kelvin
