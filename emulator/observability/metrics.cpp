#include "emulator/observability/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace kelvin {
namespace {

double in_seconds(duration value) {
  return std::chrono::duration<double>(value).count();
}

void append_number(std::string& text, double number) {
  fmt::format_to(std::back_inserter(text), "{}", number);
}

/// Label values: backslash, quote and newline are escaped (Prometheus text format).
void append_label_value(std::string& text, std::string_view value) {
  for (const char character : value) {
    if (character == '\n') {
      text.append("\\n");
      continue;
    }
    if (character == '\\' || character == '"') {
      text.push_back('\\');
    }
    text.push_back(character);
  }
}

void append_head(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  text.append("# HELP ").append(name).append(" ").append(help);
  text.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

/// `name{function="f",le="x"} value`; without `le` if that is empty.
void append_sample(std::string& text, std::string_view name, std::string_view function, std::string_view le,
                   double value) {
  text.append(name).append("{function=\"");
  append_label_value(text, function);
  if (!le.empty()) {
    text.append("\",le=\"").append(le);
  }
  text.append("\"} ");
  append_number(text, value);
  text.push_back('\n');
}

void append_histogram(std::string& text, const std::string& name, std::string_view function,
                      const duration_histogram& histogram) {
  std::uint64_t so_far = 0;
  for (std::size_t index = 0; index < duration_histogram::bounds_seconds.size(); ++index) {
    so_far += histogram.between(index);
    std::string bound;
    append_number(bound, duration_histogram::bounds_seconds[index]);
    append_sample(text, name + "_bucket", function, bound, static_cast<double>(so_far));
  }
  append_sample(text, name + "_bucket", function, "+Inf", static_cast<double>(histogram.count()));
  append_sample(text, name + "_sum", function, {}, in_seconds(histogram.sum()));
  append_sample(text, name + "_count", function, {}, static_cast<double>(histogram.count()));
}

struct plain_metric {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  double (*value)(const function_statistics&);
};

constexpr plain_metric plain_metrics[] = {
    {"kelvin_invocations_total", "counter", "Finished invocations, however they ended.",
     [](const function_statistics& one) { return static_cast<double>(one.invocations); }},
    {"kelvin_function_errors_total", "counter", "Invocations that ended in a function error, timeouts included.",
     [](const function_statistics& one) { return static_cast<double>(one.errors); }},
    {"kelvin_timeouts_total", "counter", "Invocations that ran into the function timeout.",
     [](const function_statistics& one) { return static_cast<double>(one.timeouts); }},
    {"kelvin_throttles_total", "counter", "Invocations answered with 429.",
     [](const function_statistics& one) { return static_cast<double>(one.throttles); }},
    {"kelvin_cold_starts_total", "counter", "Execution environments whose init phase began.",
     [](const function_statistics& one) { return static_cast<double>(one.cold_starts); }},
    {"kelvin_init_failures_total", "counter", "Inits that failed or timed out, retries counted each.",
     [](const function_statistics& one) { return static_cast<double>(one.init_failures); }},
    {"kelvin_billed_duration_seconds_total", "counter", "Billed Duration as AWS would count it.",
     [](const function_statistics& one) { return static_cast<double>(one.billed_ms) / 1000; }},
    {"kelvin_execution_environments", "gauge", "Execution environments that exist now.",
     [](const function_statistics& one) { return static_cast<double>(one.environments.size()); }},
    {"kelvin_max_memory_used_bytes", "gauge", "Highest Max Memory Used of any invocation.",
     [](const function_statistics& one) { return static_cast<double>(one.max_memory_used_mib) * 1024 * 1024; }},
};

/// Counts one event; there is one overload for each event that is counted.
struct counter {
  function_statistics& one;

  void operator()(const platform_init_start& event) const {
    one.cold_starts += one.environments.emplace(event.environment.log_stream_name).second ? 1 : 0;
  }
  void operator()(const platform_init_runtime_done& event) const {
    one.init_duration.add(event.measured.init());
    one.last_init = event.measured;
  }
  void operator()(const platform_init_report& event) const {
    one.init_failures += event.status == completion_status::success ? 0 : 1;
  }
  void operator()(const platform_report& event) const {
    ++one.invocations;
    one.errors += event.status == completion_status::success ? 0 : 1;
    one.timeouts += event.status == completion_status::timeout ? 1 : 0;
    one.billed_ms += event.billed_duration_ms;
    one.max_memory_used_mib = std::max(one.max_memory_used_mib, event.max_memory_used_mib);
    one.invoke_duration.add(event.invoke_duration);
  }
  void operator()(const environment_ended& event) const {
    const auto found = one.environments.find(event.environment.log_stream_name);
    if (found != one.environments.end()) {
      one.environments.erase(found);
    }
  }
};

}  // namespace

void duration_histogram::add(duration value) noexcept {
  const auto bound = std::lower_bound(bounds_seconds.begin(), bounds_seconds.end(), in_seconds(value));
  if (bound != bounds_seconds.end()) {
    ++buckets_[static_cast<std::size_t>(bound - bounds_seconds.begin())];
  }
  ++count_;
  sum_ += value;
}

void metrics::report(const lifecycle_event& event) {
  if (const auto* refused = std::get_if<invocation_throttled>(&event)) {
    ++of(refused->function_name).throttles;
    return;
  }
  std::visit(
      [this](const auto& one) {
        if constexpr (std::is_invocable_v<counter, decltype(one)>) {
          counter{of(one.environment.function_name)}(one);
        }
      },
      event);
}

const function_statistics& metrics::statistics(std::string_view function_name) const noexcept {
  static const function_statistics nothing;
  const auto found = functions_.find(function_name);
  return found == functions_.end() ? nothing : found->second;
}

std::string metrics::prometheus_text() const {
  std::string text;
  for (const plain_metric& metric : plain_metrics) {
    append_head(text, metric.name, metric.type, metric.help);
    for (const auto& [name, statistics] : functions_) {
      append_sample(text, metric.name, name, {}, metric.value(statistics));
    }
  }
  append_head(text, "kelvin_invocation_duration_seconds", "histogram", "Duration of finished invocations.");
  for (const auto& [name, statistics] : functions_) {
    append_histogram(text, "kelvin_invocation_duration_seconds", name, statistics.invoke_duration);
  }
  append_head(text, "kelvin_init_duration_seconds", "histogram", "Init Duration of inits that reached next.");
  for (const auto& [name, statistics] : functions_) {
    append_histogram(text, "kelvin_init_duration_seconds", name, statistics.init_duration);
  }
  return text;
}

function_statistics& metrics::of(std::string_view function_name) {
  const auto found = functions_.find(function_name);
  if (found != functions_.end()) {
    return found->second;
  }
  return functions_.emplace(function_name, function_statistics{}).first->second;
}

}  // namespace kelvin
