#pragma once

#include "runtime-api/base/lifecycle_event.hpp"

#include <string>

namespace kelvin {

/// Appends the event's lines as AWS writes them to a function's log (recorded on AWS, text format),
/// final newline included. Events that have no line there, and notices, append nothing.
void append_log_lines(std::string& log, const lifecycle_event& event);

void append_start_line(std::string& log, const platform_start& event);
void append_end_line(std::string& log, const platform_runtime_done& event);
void append_report_line(std::string& log, const platform_report& event);
void append_init_report_line(std::string& log, const platform_init_report& event);

/// Milliseconds with two decimals, rounded half up: 3.01.
void append_milliseconds(std::string& text, duration value);

}  // namespace kelvin
