#pragma once

#include <string_view>

namespace kelvin {

/// AWS Lambda API, LoggingConfig: how a function's log is written.
enum class log_format { text, json };

/// AWS's levels of log lines, least important first.
enum class log_level { trace, debug, info, warn, error, fatal };

/// LoggingConfig of a function. The levels filter in JSON format only, as on AWS.
struct logging_configuration {
  log_format format = log_format::text;
  log_level application_level = log_level::info;  ///< of what the function writes
  log_level system_level = log_level::info;       ///< of what the platform writes: debug, info or warn
  bool operator==(const logging_configuration&) const = default;
};

/// AWS's word for a level: `TRACE` … `FATAL`.
constexpr std::string_view name_of(log_level level) noexcept {
  switch (level) {
    case log_level::trace: return "TRACE";
    case log_level::debug: return "DEBUG";
    case log_level::info: return "INFO";
    case log_level::warn: return "WARN";
    case log_level::error: return "ERROR";
    case log_level::fatal: break;
  }
  return "FATAL";
}

}  // namespace kelvin
