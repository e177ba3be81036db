#pragma once

#include "emulator/lab/bench_report.hpp"
#include "runtime-api/base/result.hpp"

#include <string>

namespace kelvin::lab {

/// The version of the document below. One that means something else, or lacks what another had, gets the next number.
inline constexpr int report_schema_version = 1;

/// The JSON document of a run:
///   {"schema_version", "kelvin_version", "time", "seed", "machine": {…}, "warnings": [text …],
///    "targets": [{"name", "path", "memory_mib",
///                 "cold": [{"position", "init_ms", "spawn_ms", …} …], "init_ms": {summary}, "spawn_ms": {summary}, …,
///                 "evicted": {"cold": […], "init_ms": {summary}, …},
///                 "warm": [ms …], "warm_invoke_ms": {summary}}]}
/// A summary is {"n", "min", "p10", "p50", "p90", "p99", "max", "mean", "mad", "outliers_low", "outliers_high"}, that
/// of init_ms also {"p50_low", "p50_high"}, its bootstrap interval at 95 %. "evicted" and "warm" are there where they
/// were measured, figures that the machine cannot tell are left out, names and paths that are not UTF-8 get U+FFFD.
/// invalid_argument: a figure that is not a finite number.
result<std::string> report_json(const bench_report& report);

}  // namespace kelvin::lab
