#include "emulator/observability/json_lines.hpp"

#include "emulator/observability/application_level.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sstream>

using namespace kelvin;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const environment_label environment{"orders", "2026/01/02/[$LATEST]0123"};
/// 2026-01-02T03:04:05.678Z.
constexpr wall_time when{1'767'323'045'678ms};
const std::string id(request_id().text());

std::string lines(const lifecycle_event& event, const json_line_options& options = {}) {
  std::string log;
  append_json_lines(log, event, when, options);
  return log;
}

platform_report report_of(completion_status status, std::string_view error_type) {
  return {environment, {}, 3'014'159ns, 110'100us, 114, 128, 36, status, error_type};
}

std::vector<std::string> types(const lifecycle_event& event, log_level system_level) {
  std::vector<std::string> all;
  std::istringstream text(lines(event, {.system_level = system_level}));
  for (std::string line; std::getline(text, line);) {
    all.push_back(json::parse(line)["type"]);
  }
  return all;
}

using words = std::vector<std::string>;

}  // namespace

TEST_CASE("the platform's lines are Telemetry API envelopes") {
  CHECK(lines(platform_start{environment, {}, "$LATEST"}) ==
        R"({"time":"2026-01-02T03:04:05.678Z","type":"platform.start","record":{"requestId":")" + id +
            "\",\"version\":\"$LATEST\"}}\n");
  CHECK(lines(report_of(completion_status::success, "")) ==
        R"({"time":"2026-01-02T03:04:05.678Z","type":"platform.report","record":{"requestId":")" + id +
            R"(","metrics":{"durationMs":3.014,"billedDurationMs":114,"memorySizeMB":128,"maxMemoryUsedMB":36,)"
            R"("initDurationMs":110.1},"status":"success"}})"
            "\n");
  CHECK(lines(platform_init_start{environment, phase::init}) ==
        R"({"time":"2026-01-02T03:04:05.678Z","type":"platform.initStart","record":{"initializationType":"on-demand",)"
        R"("phase":"init","functionName":"orders","functionVersion":"$LATEST",)"
        R"("instanceId":"2026/01/02/[$LATEST]0123"}})"
        "\n");
}

TEST_CASE("failures carry their status and error type") {
  const auto crash = json::parse(lines(report_of(completion_status::error, "Runtime.ExitError")))["record"];
  CHECK(crash["status"] == "error");
  CHECK(crash["errorType"] == "Runtime.ExitError");
  const auto late = json::parse(lines(report_of(completion_status::timeout, "")))["record"];
  CHECK(late["status"] == "timeout");
  CHECK_FALSE(late.contains("errorType"));
  CHECK(json::parse(lines(report_of(completion_status::failure, "")))["record"]["status"] == "error");
  const auto init = json::parse(
      lines(platform_init_report{environment, phase::invoke, 1500us, completion_status::error, "Runtime.ExitError"}));
  CHECK(init["type"] == "platform.initReport");
  CHECK(init["record"] == json{{"initializationType", "on-demand"},
                               {"phase", "invoke"},
                               {"status", "error"},
                               {"errorType", "Runtime.ExitError"},
                               {"metrics", {{"durationMs", 1.5}}}});
  const auto fault = json::parse(lines(platform_fault{environment, {}, "first\nsecond"}));
  CHECK(fault["type"] == "platform.fault");
  CHECK(fault["record"] == "first\nsecond");
}

TEST_CASE("the system level decides on the platform's lines") {
  const platform_runtime_done good{environment, {}, completion_status::success};
  const platform_runtime_done bad{environment, {}, completion_status::timeout};
  const platform_init_runtime_done init{environment, phase::init, {}};
  CHECK(types(good, log_level::debug) == words{"platform.runtimeDone"});
  CHECK(types(good, log_level::info).empty());
  CHECK(types(bad, log_level::info) == words{"platform.runtimeDone"});
  CHECK(types(bad, log_level::warn) == words{"platform.runtimeDone"});
  CHECK(types(init, log_level::debug) == words{"platform.initRuntimeDone", "platform.initReport"});
  CHECK(types(init, log_level::info).empty());
  CHECK(types(platform_init_start{environment, phase::init}, log_level::info) == words{"platform.initStart"});
  CHECK(types(platform_start{environment, {}, "1"}, log_level::info) == words{"platform.start"});
  CHECK(types(platform_start{environment, {}, "1"}, log_level::warn).empty());
  CHECK(types(report_of(completion_status::success, ""), log_level::warn).empty());
  CHECK(types(report_of(completion_status::error, "E"), log_level::warn) == words{"platform.report"});
  CHECK(types(platform_fault{environment, {}, "x"}, log_level::warn) == words{"platform.fault"});
  CHECK(types(environment_ended{environment}, log_level::debug).empty());
}

TEST_CASE("with several functions an envelope names its own") {
  const auto line = json::parse(lines(platform_start{environment, {}, "$LATEST"}, {.several_functions = true}));
  CHECK(line["functionName"] == "orders");
}

TEST_CASE("notices are envelopes of kelvin's own type") {
  CHECK(json::parse(lines(notice{notice_level::warning, "a \"b\"\n\xff"}, {.system_level = log_level::warn})) ==
        json{{"time", "2026-01-02T03:04:05.678Z"},
             {"type", "kelvin.notice"},
             {"record", {{"level", "warning"}, {"message", "a \"b\"\n\xEF\xBF\xBD"}}}});
}

TEST_CASE("the function's lines pass as they are, unless their level is below the function's") {
  const auto passes = [](std::string_view line, log_level level) {
    const std::string written =
        lines(function_output{environment, output_stream::standard_output, line}, {.application_level = level});
    if (!written.empty()) {
      CHECK(written == std::string(line) + "\n");
    }
    return !written.empty();
  };
  constexpr const char* debug = R"( {"timestamp": "2026-01-02T03:04:05Z","level" :"debug","message":"x"})";
  CHECK(passes(debug, log_level::trace));
  CHECK(passes(debug, log_level::debug));
  CHECK_FALSE(passes(debug, log_level::info));
  for (const char* plain : {"plain text", "", "[1]", "{not json", "\"DEBUG\""}) {
    CHECK(passes(plain, log_level::fatal));
  }
}

TEST_CASE("a line's level: INFO without a valid level and time") {
  const auto level_of = [](const char* line) { return application_level(line); };
  CHECK(level_of(R"({"timestamp":"2026-01-02T03:04:05Z","level":"ERROR"})") == log_level::error);
  CHECK(level_of(R"({"level":"Fatal","timestamp":"2026-01-02T03:04:05.123+01:00"})") == log_level::fatal);
  CHECK(level_of(R"({"timestamp":"2026-01-02T03:04:05-01:00","level":"TRACE","deep":{"level":"ERROR"}})") ==
        log_level::trace);
  CHECK(level_of(R"({"timestamp":"2026-01-02T03:04:05Z","level":"WARN"})") == log_level::warn);
  for (const char* line :
       {R"({})", R"({"level":"ERROR"})", R"({"timestamp":"2026-01-02T03:04:05Z","level":"LOUD"})",
        R"({"timestamp":"2026-01-02T03:04:05Z","level":5})", R"({"timestamp":"2026-01-02 03:04:05","level":"ERROR"})",
        R"({"timestamp":"2026-01-02T03:04:05.Z","level":"ERROR"})",
        R"({"timestamp":"2026-01-02T03:04:05Zz","level":"ERROR"})", R"({"timestamp":1,"level":"ERROR"})",
        R"({"timestamp":"2026-01-02T03:04:05Z","deep":{"level":"ERROR"}})"}) {
    CAPTURE(line);
    CHECK(level_of(line) == log_level::info);
  }
  CHECK_FALSE(level_of("plain").has_value());
  CHECK_FALSE(level_of(R"({"level":"ERROR"} behind)").has_value());
}
