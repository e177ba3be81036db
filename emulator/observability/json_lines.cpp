#include "emulator/observability/json_lines.hpp"

#include "emulator/observability/application_level.hpp"
#include "runtime-api/base/iso_time.hpp"

#include <nlohmann/json.hpp>

#include <string_view>
#include <utility>

namespace kelvin {
namespace {

using json = nlohmann::ordered_json;

/// With microseconds, as the Telemetry API's metrics have them.
double milliseconds(duration value) {
  return static_cast<double>(std::chrono::round<std::chrono::microseconds>(value).count()) / 1000;
}

std::string_view name_of_phase(phase value) noexcept {
  return value == phase::init ? "init" : value == phase::invoke ? "invoke" : "shutdown";
}

/// The Telemetry API keeps `failure` for faults of the sandbox; a handler's own error is `error` there.
std::string_view name_of_status(completion_status value) noexcept {
  switch (value) {
    case completion_status::success: return "success";
    case completion_status::timeout: return "timeout";
    case completion_status::failure:
    case completion_status::error: break;
  }
  return "error";
}

std::string_view name_of_notice(notice_level level) noexcept {
  switch (level) {
    case notice_level::debug: return "debug";
    case notice_level::info: return "info";
    case notice_level::warning: return "warning";
    case notice_level::error: break;
  }
  return "error";
}

log_level level_of(completion_status status, log_level of_success) noexcept {
  return status == completion_status::success ? of_success : log_level::warn;
}

json init_record(phase which) {
  json record;
  record["initializationType"] = "on-demand";
  record["phase"] = name_of_phase(which);
  return record;
}

void add_error_type(json& record, std::string_view error_type) {
  if (!error_type.empty()) {
    record["errorType"] = error_type;
  }
}

/// Writes the envelopes of one event; there is one overload for each event that has any.
struct line_writer {
  std::string& log;
  const std::string time;
  const json_line_options& options;

  void operator()(const platform_init_start& event) const {
    json record = init_record(event.phase);
    record["functionName"] = event.environment.function_name;
    record["functionVersion"] = "$LATEST";
    record["instanceId"] = event.environment.log_stream_name;
    add(log_level::info, "platform.initStart", event.environment, std::move(record));
  }
  void operator()(const platform_init_runtime_done& event) const {
    json record = init_record(event.phase);
    record["status"] = "success";
    add(log_level::debug, "platform.initRuntimeDone", event.environment, record);
    // Only a failed init has an event of its own for its report.
    record["metrics"]["durationMs"] = milliseconds(event.measured.init());
    add(log_level::debug, "platform.initReport", event.environment, std::move(record));
  }
  void operator()(const platform_init_report& event) const {
    json record = init_record(event.phase);
    record["status"] = name_of_status(event.status);
    add_error_type(record, event.error_type);
    record["metrics"]["durationMs"] = milliseconds(event.init_duration);
    add(level_of(event.status, log_level::debug), "platform.initReport", event.environment, std::move(record));
  }
  void operator()(const platform_start& event) const {
    add(log_level::info, "platform.start", event.environment,
        {{"requestId", event.request_id.text()}, {"version", event.version}});
  }
  void operator()(const platform_runtime_done& event) const {
    add(level_of(event.status, log_level::debug), "platform.runtimeDone", event.environment,
        {{"requestId", event.request_id.text()}, {"status", name_of_status(event.status)}});
  }
  void operator()(const platform_report& event) const {
    json record;
    record["requestId"] = event.request_id.text();
    json& metrics = record["metrics"];
    metrics["durationMs"] = milliseconds(event.invoke_duration);
    metrics["billedDurationMs"] = event.billed_duration_ms;
    metrics["memorySizeMB"] = event.memory_mib;
    metrics["maxMemoryUsedMB"] = event.max_memory_used_mib;
    if (event.init_duration) {
      metrics["initDurationMs"] = milliseconds(*event.init_duration);
    }
    record["status"] = name_of_status(event.status);
    add_error_type(record, event.error_type);
    add(level_of(event.status, log_level::info), "platform.report", event.environment, std::move(record));
  }
  void operator()(const platform_fault& event) const {
    add(log_level::warn, "platform.fault", event.environment, json(event.message));
  }
  void operator()(const function_output& event) const {
    const bool all_pass = options.application_level == log_level::trace;
    if (const auto level = all_pass ? std::nullopt : application_level(event.line);
        !level || *level >= options.application_level) {
      log.append(event.line).push_back('\n');
    }
  }
  void operator()(const notice& event) const {
    append({{"time", time},
            {"type", "kelvin.notice"},
            {"record", {{"level", name_of_notice(event.level)}, {"message", event.text}}}});
  }

 private:
  void add(log_level level, std::string_view type, const environment_label& environment, json record) const {
    if (level < options.system_level) {
      return;
    }
    json envelope;
    envelope["time"] = time;
    envelope["type"] = type;
    envelope["record"] = std::move(record);
    if (options.several_functions) {
      envelope["functionName"] = environment.function_name;
    }
    append(envelope);
  }
  void append(const json& envelope) const {
    log.append(envelope.dump(-1, ' ', false, json::error_handler_t::replace)).push_back('\n');
  }
};

}  // namespace

void append_json_lines(std::string& log, const lifecycle_event& event, wall_time now,
                       const json_line_options& options) {
  const auto* output = std::get_if<function_output>(&event);
  const line_writer write{log, output ? std::string() : iso_time(now), options};
  std::visit(
      [&write](const auto& one) {
        if constexpr (requires { write(one); }) {
          write(one);
        }
      },
      event);
}

}  // namespace kelvin
