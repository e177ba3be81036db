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

/// What was measured of one target. `evicted` are starts with its files put out of the page cache, none where that was
/// not asked for or not possible.
struct bench_target {
  std::string name;
  std::string path;
  std::uint64_t memory_mib = 0;
  std::vector<cold_start> cold;
  std::vector<cold_start> evicted;
  std::vector<double> warm_invoke_ms;

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
