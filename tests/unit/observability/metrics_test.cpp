#include "emulator/observability/metrics.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <sstream>

using namespace kelvin;
using namespace std::chrono_literals;

namespace {

platform_report finished(environment_label where, duration took, completion_status status) {
  return {where, {}, took, std::nullopt, 7, 128, 40, status, {}};
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("events are counted per function") {
  metrics counted;
  const environment_label one{"f", "a"};
  const environment_label two{"f", "b"};
  const environment_label other{"g", "c"};
  counted.report(platform_init_start{one, phase::init});
  counted.report(platform_init_report{one, phase::init, 1s, completion_status::error, "Runtime.ExitError"});
  counted.report(platform_init_start{one, phase::invoke});  // the retry is no second environment
  counted.report(platform_init_runtime_done{one, phase::invoke, {1ms, 20ms, 30ms}});
  counted.report(platform_init_start{two, phase::init});
  counted.report(finished(one, 1ms, completion_status::success));
  counted.report(finished(one, 2ms, completion_status::failure));
  counted.report(finished(two, 3s, completion_status::timeout));
  counted.report(environment_ended{two});
  counted.report(environment_ended{two});
  counted.report(invocation_throttled{"f"});
  counted.report(platform_init_start{other, phase::init});
  counted.report(function_output{other, output_stream::standard_output, "x"});
  counted.report(notice{notice_level::info, "x"});

  const function_statistics& f = counted.statistics("f");
  CHECK(f.invocations == 3);
  CHECK(f.errors == 2);
  CHECK(f.timeouts == 1);
  CHECK(f.throttles == 1);
  CHECK(f.cold_starts == 2);
  CHECK(f.init_failures == 1);
  CHECK(f.billed_ms == 21);
  CHECK(f.max_memory_used_mib == 40);
  CHECK(f.environments.size() == 1);
  CHECK(f.invoke_duration.count() == 3);
  CHECK(f.invoke_duration.sum() == 3003ms);
  REQUIRE(f.last_init.has_value());
  CHECK(f.last_init->spawn == 1ms);
  CHECK(f.last_init->exec_to_connect == 20ms);
  CHECK(f.last_init->connect_to_next == 30ms);
  CHECK(f.init_duration.sum() == 50ms);

  CHECK(counted.statistics("g").cold_starts == 1);
  CHECK(counted.statistics("g").invocations == 0);
  CHECK(counted.statistics("nobody").invocations == 0);
  CHECK_FALSE(counted.statistics("nobody").last_init.has_value());
}

TEST_CASE("a length on a bound belongs to that bound's bucket") {
  duration_histogram histogram;
  histogram.add(1ms);
  histogram.add(1ms + 1ns);
  histogram.add(60s);
  histogram.add(61s);
  histogram.add(0s);
  CHECK(histogram.between(0) == 2);
  CHECK(histogram.between(1) == 1);
  CHECK(histogram.between(duration_histogram::bounds_seconds.size() - 1) == 1);
  CHECK(histogram.count() == 5);
}

TEST_CASE("the text is what Prometheus reads") {
  metrics counted;
  const environment_label one{"a\"b\\c\nd", "a"};
  counted.report(platform_init_start{one, phase::init});
  counted.report(finished(one, 3ms, completion_status::success));
  counted.report(finished(one, 120s, completion_status::timeout));
  const std::string text = counted.prometheus_text();

  const std::string label = R"({function="a\"b\\c\nd")";
  CHECK(has_line(text, "# TYPE kelvin_invocations_total counter"));
  CHECK(has_line(text, "kelvin_invocations_total" + label + "} 2"));
  CHECK(has_line(text, "kelvin_timeouts_total" + label + "} 1"));
  CHECK(has_line(text, "kelvin_billed_duration_seconds_total" + label + "} 0.014"));
  CHECK(has_line(text, "kelvin_execution_environments" + label + "} 1"));
  CHECK(has_line(text, "kelvin_invocation_duration_seconds_bucket" + label + ",le=\"0.0025\"} 0"));
  CHECK(has_line(text, "kelvin_invocation_duration_seconds_bucket" + label + ",le=\"0.005\"} 1"));
  CHECK(has_line(text, "kelvin_invocation_duration_seconds_bucket" + label + ",le=\"60\"} 1"));
  CHECK(has_line(text, "kelvin_invocation_duration_seconds_bucket" + label + ",le=\"+Inf\"} 2"));
  CHECK(has_line(text, "kelvin_invocation_duration_seconds_sum" + label + "} 120.003"));
  CHECK(has_line(text, "kelvin_invocation_duration_seconds_count" + label + "} 2"));
  CHECK(has_line(text, "kelvin_init_duration_seconds_count" + label + "} 0"));

  // Every line is a HELP, a TYPE or a sample, and a metric's lines stand together behind its TYPE.
  const std::regex head(R"(# (HELP \w+ .+|TYPE \w+ (counter|gauge|histogram)))");
  const std::regex sample(R"(([a-z_]+)\{function="(?:[^"\\\n]|\\["\\n])*"(,le="[^"]+")?\} [0-9.e+-]+)");
  std::istringstream stream(text);
  std::string metric;
  for (std::string line; std::getline(stream, line);) {
    CAPTURE(line);
    if (line.starts_with("# TYPE ")) {
      metric = line.substr(7, line.rfind(' ') - 7);
    }
    const bool valid = line.starts_with("#") ? std::regex_match(line, head)
                                             : std::regex_match(line, sample) && line.starts_with(metric);
    CHECK(valid);
  }
}

TEST_CASE("large counts are written as whole numbers") {
  metrics counted;
  for (int number = 0; number < 1'234'567; ++number) {
    counted.report(invocation_throttled{"f"});
  }
  CHECK(has_line(counted.prometheus_text(), "kelvin_throttles_total{function=\"f\"} 1234567"));
}
