#include "emulator/lab/report_json.hpp"

#include "emulator/lab/bootstrap.hpp"
#include "emulator/lab/summary.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace kelvin::lab {
namespace {

using json = nlohmann::ordered_json;

json summary_json(const sample_set& samples) {
  const summary made = summarize(samples);
  return {{"n", made.n},
          {"min", made.min},
          {"p10", made.p10},
          {"p50", made.p50},
          {"p90", made.p90},
          {"p99", made.p99},
          {"max", made.max},
          {"mean", made.mean},
          {"mad", made.mad},
          {"outliers_low", made.outliers_low},
          {"outliers_high", made.outliers_high}};
}

json start_json(const cold_start& start) {
  json made = {{"position", start.position}};
  for (const cold_start_figure& figure : cold_start_figures()) {
    if (const auto value = figure.of(start)) {
      made[std::string(figure.name)] = *value;
    }
  }
  return made;
}

/// Adds "cold" and the summary of each figure. A failure names the figure.
result<void> add_starts(json& to, const std::vector<cold_start>& starts, std::uint64_t seed) {
  json all = json::array();
  for (const cold_start& start : starts) {
    all.push_back(start_json(start));
  }
  to["cold"] = std::move(all);
  for (const cold_start_figure& figure : cold_start_figures()) {
    const std::vector<double> values = values_of(starts, figure);
    if (values.empty()) {
      continue;
    }
    const auto samples = sample_set::of(values);
    if (!samples) {
      return fail(samples.error().code, std::string(figure.name) + ": " + samples.error().detail);
    }
    json made = summary_json(*samples);
    if (figure.always == &cold_start::init_ms && samples->size() >= 2) {
      const auto median = median_interval(*samples, {.seed = seed});
      if (!median) {
        return median.error();
      }
      made["p50_low"] = median->low;
      made["p50_high"] = median->high;
    }
    to[std::string(figure.name)] = std::move(made);
  }
  return {};
}

/// Fills in the object of one target. A failure names the figure.
result<void> add_target(json& to, const bench_target& target, std::uint64_t seed) {
  to = {{"name", target.name}, {"path", target.path}, {"memory_mib", target.memory_mib}};
  if (auto added = add_starts(to, target.cold, seed); !added) {
    return added;
  }
  if (!target.evicted.empty()) {
    if (auto added = add_starts(to["evicted"], target.evicted, seed); !added) {
      return added;
    }
  }
  if (!target.warm_invoke_ms.empty()) {
    const auto samples = sample_set::of(target.warm_invoke_ms);
    if (!samples) {
      return fail(samples.error().code, "warm_invoke_ms: " + samples.error().detail);
    }
    to["warm"] = target.warm_invoke_ms;
    to["warm_invoke_ms"] = summary_json(*samples);
  }
  return {};
}

json machine_json(const machine_description& machine) {
  return {{"architecture", machine.architecture}, {"processor", machine.processor}, {"processors", machine.processors},
          {"memory_mib", machine.memory_mib},     {"kernel", machine.kernel},       {"isolation", machine.isolation}};
}

}  // namespace

result<std::string> report_json(const bench_report& report) {
  json document = {{"schema_version", report_schema_version},
                   {"kelvin_version", report.kelvin_version},
                   {"time", report.time},
                   {"seed", report.seed},
                   {"machine", machine_json(report.machine)},
                   {"warnings", json(report.warnings)},
                   {"targets", json::array()}};
  for (const bench_target& target : report.targets) {
    json made;
    if (auto added = add_target(made, target, report.seed); !added) {
      return fail(added.error().code, target.name + ": " + added.error().detail);
    }
    document["targets"].push_back(std::move(made));
  }
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace kelvin::lab
