#pragma once

#include "runtime-api/base/lifecycle_event.hpp"
#include "runtime-api/base/log_format.hpp"

#include <string>

namespace kelvin {

struct json_line_options {
  log_level application_level = log_level::info;
  log_level system_level = log_level::info;
  bool several_functions = false;  ///< the platform's lines name their function beside the record
};

/// Appends the event's lines as a function's log has them in JSON format, final newline included:
/// the platform's as Telemetry API envelopes `{"time","type","record"}`, the function's own as they
/// are. Lines below their level, and events without a line there, append nothing (AWS Lambda
/// Developer Guide: advanced logging controls; Telemetry API event schema). A notice becomes an
/// envelope of type `kelvin.notice` whatever its level is.
void append_json_lines(std::string& log, const lifecycle_event& event, wall_time now, const json_line_options& options);

}  // namespace kelvin
