#include "emulator/observability/log_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace kelvin {
namespace {

void append_number(std::string& text, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  text.append(digits, end);
}

/// The unit of REPORT's two decimals.
std::uint64_t hundredths_of_ms(duration value) noexcept {
  const auto nanoseconds = std::max<duration::rep>(value.count(), 0);
  return (static_cast<std::uint64_t>(nanoseconds) + 5'000) / 10'000;
}

std::string_view name_of(phase value) noexcept {
  switch (value) {
    case phase::init: return "init";
    case phase::invoke: return "invoke";
    case phase::shutdown: return "shutdown";
  }
  return "unknown";
}

std::string_view name_of(completion_status value) noexcept {
  switch (value) {
    case completion_status::success: return "success";
    case completion_status::failure: return "failure";
    case completion_status::error: return "error";
    case completion_status::timeout: return "timeout";
  }
  return "unknown";
}

void append_request_id(std::string& log, std::string_view what, const request_id& id) {
  log.append(what).append(" RequestId: ").append(id.text());
}

}  // namespace

void append_milliseconds(std::string& text, duration value) {
  const std::uint64_t hundredths = hundredths_of_ms(value);
  append_number(text, hundredths / 100);
  const auto fraction = static_cast<unsigned>(hundredths % 100);
  text.push_back('.');
  text.push_back(static_cast<char>('0' + fraction / 10));
  text.push_back(static_cast<char>('0' + fraction % 10));
}

void append_start_line(std::string& log, const platform_start& event) {
  append_request_id(log, "START", event.request_id);
  log.append(" Version: ").append(event.version).push_back('\n');
}

void append_end_line(std::string& log, const platform_runtime_done& event) {
  append_request_id(log, "END", event.request_id);
  log.push_back('\n');
}

void append_report_line(std::string& log, const platform_report& event) {
  append_request_id(log, "REPORT", event.request_id);
  log.append("\tDuration: ");
  append_milliseconds(log, event.invoke_duration);
  log.append(" ms\tBilled Duration: ");
  append_number(log, event.billed_duration_ms);
  log.append(" ms\tMemory Size: ");
  append_number(log, event.memory_mib);
  log.append(" MB\tMax Memory Used: ");
  append_number(log, event.max_memory_used_mib);
  log.append(" MB\t");
  if (event.init_duration) {
    log.append("Init Duration: ");
    append_milliseconds(log, *event.init_duration);
    log.append(" ms\t");
  }
  // A handler's own error (`failure`) is no error of the environment: AWS adds nothing for it.
  if (event.status == completion_status::timeout) {
    log.append("Status: timeout\t");
  } else if (event.status == completion_status::error) {
    log.append("Status: error\tError Type: ").append(event.error_type).push_back('\t');
  }
  log.push_back('\n');
}

void append_init_report_line(std::string& log, const platform_init_report& event) {
  log.append("INIT_REPORT Init Duration: ");
  append_milliseconds(log, event.init_duration);
  log.append(" ms\tPhase: ").append(name_of(event.phase)).append("\tStatus: ").append(name_of(event.status));
  if (!event.error_type.empty()) {
    log.append("\tError Type: ").append(event.error_type);
  }
  log.push_back('\n');
}

void append_log_lines(std::string& log, const lifecycle_event& event) {
  if (const auto* output = std::get_if<function_output>(&event)) {
    log.append(output->line).push_back('\n');
  } else if (const auto* start = std::get_if<platform_start>(&event)) {
    append_start_line(log, *start);
  } else if (const auto* done = std::get_if<platform_runtime_done>(&event)) {
    append_end_line(log, *done);
  } else if (const auto* report = std::get_if<platform_report>(&event)) {
    append_report_line(log, *report);
  } else if (const auto* init_report = std::get_if<platform_init_report>(&event)) {
    append_init_report_line(log, *init_report);
  } else if (const auto* fault = std::get_if<platform_fault>(&event)) {
    log.append(fault->message).push_back('\n');
  }
}

}  // namespace kelvin
