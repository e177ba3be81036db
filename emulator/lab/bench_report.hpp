#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::lab {

/// One cold start as the timed pass measured it. What a machine cannot tell is absent.
struct cold_start {
  std::size_t position = 0;  ///< in the order of the whole run, from 0
  double init_ms = 0;        ///< over 0: exec until the first `next`, what AWS calls Init Duration
  double spawn_ms = 0;       ///< asked for until exec is done: kelvin's cost, not in init_ms
  double exec_to_connect_ms = 0;
  double connect_to_next_ms = 0;
  std::optional<double> first_invoke_ms;
  std::optional<double> user_cpu_ms;
  std::optional<double> system_cpu_ms;
  std::optional<double> cpu_wait_ms;
  std::optional<double> minor_page_faults;
  std::optional<double> major_page_faults;
  std::optional<double> read_kib;
  std::optional<double> peak_memory_kib;

  friend bool operator==(const cold_start&, const cold_start&) = default;
};

/// A figure of a cold start by the name that JSON and CSV give it.
struct cold_start_figure {
  std::string_view name;
  double cold_start::*always = nullptr;  ///< one of the two is set
  std::optional<double> cold_start::*where_known = nullptr;

  std::optional<double> of(const cold_start& start) const {
    return always != nullptr ? std::optional(start.*always) : start.*where_known;
  }
};

/// All of them, in the order of the columns; the first is init_ms.
std::span<const cold_start_figure> cold_start_figures();

/// How much of files a start used, by where they are: their pages that are in memory behind a start with all of them
/// evicted before it. 1 MiB is 2^20 bytes.
struct bytes_used {
  double task_mib = 0;    ///< of the code's folder and the layers
  double system_mib = 0;  ///< of everything else

  friend bool operator==(const bytes_used&, const bytes_used&) = default;
};

/// Something in an init that takes time or room and that its author can change.
struct costly_thing {
  std::string what;               ///< with the figures it was found by: "opens a connection to 10.0.0.7:5432 …"
  std::string advice;             ///< what to do about it
  std::optional<double> cost_ms;  ///< of the traced pass; absent where it is no span of time

  friend bool operator==(const costly_thing&, const costly_thing&) = default;
};

/// One start under the tracer. It is slowed down by that: its times order and explain, they are no measurement.
struct traced_start {
  double loader_ms = 0;  ///< exec until the program's own entry point: the dynamic loader's work
  double init_ms = 0;    ///< exec until the first `next`
  std::size_t files_opened = 0;
  std::size_t connections = 0;  ///< to others than the Runtime API
  std::size_t name_lookups = 0;
  std::size_t threads = 0;           ///< begun beside the first of each process
  std::size_t processes = 0;         ///< begun beside the first
  std::size_t relocations = 0;       ///< that the loader applied, of the program and its libraries
  std::vector<costly_thing> costly;  ///< the costliest first

  friend bool operator==(const traced_start&, const traced_start&) = default;
};

/// What was published of functions of this kind on AWS: not of this function.
struct published_init {
  std::string runtime;  ///< as the publisher names it
  double init_ms = 0;   ///< median Init Duration
  std::string date;     ///< of the publication, ISO 8601

  friend bool operator==(const published_init&, const published_init&) = default;
};

/// What Init Duration AWS would show, by the model of docs/prediction.md: no measurement.
struct predicted_init {
  double init_ms = 0;
  double low_ms = 0;  ///< of the 90 % interval
  double high_ms = 0;
  std::string model;  ///< the date it was fitted on

  friend bool operator==(const predicted_init&, const predicted_init&) = default;
};

/// What was measured of one target at one memory size. `evicted` are starts with its files put out of the page cache,
/// none where that was not asked for or not possible.
struct bench_target {
  std::string name;
  std::string path;
  std::uint64_t memory_mib = 0;
  bool init_boost = true;  ///< false: init ran at the share of CPU of its memory size, as with provisioned concurrency
  std::vector<cold_start> cold;
  std::vector<cold_start> evicted;
  std::vector<double> warm_invoke_ms;
  std::size_t failed_starts = 0;            ///< that are not in `cold` or `evicted`
  std::string failure;                      ///< of the first of them; empty: none
  std::optional<std::uint64_t> code_bytes;  ///< of the zip or of all files in the code's folder
  std::optional<bytes_used> used;
  std::optional<traced_start> traced;
  std::optional<published_init> published;
  std::optional<predicted_init> predicted;

  friend bool operator==(const bench_target&, const bench_target&) = default;
};

/// What figures depend on beside the code: those of two runs are compared only where it is the same.
struct machine_description {
  std::string architecture;  ///< as uname says: x86_64, aarch64
  std::string processor;     ///< the model's name
  unsigned processors = 0;   ///< that kelvin may use
  std::uint64_t memory_mib = 0;
  std::string kernel;     ///< release, as uname says
  std::string isolation;  ///< the level functions were started at

  friend bool operator==(const machine_description&, const machine_description&) = default;
};

/// One run of bench.
struct bench_report {
  std::string kelvin_version;
  std::string time;        ///< of its begin, ISO 8601
  std::uint64_t seed = 0;  ///< of the order and of the intervals
  machine_description machine;
  std::vector<bench_target> targets;
  std::vector<std::string> warnings;

  friend bool operator==(const bench_report&, const bench_report&) = default;
};

/// The values of one figure in the order they were measured in; starts that lack it are left out.
std::vector<double> values_of(std::span<const cold_start> starts, const cold_start_figure& figure);

}  // namespace kelvin::lab
