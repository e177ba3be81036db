#pragma once

#include "emulator/lab/bench_report.hpp"
#include "runtime-api/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::lab {

/// Reads what report_json wrote; summaries in it are not believed but left out, since samples are there. Members that
/// it does not know are ignored.
/// invalid_argument: no JSON, another schema version, a member missing or of another kind, a figure that is negative
/// or not finite (init_ms: not over 0), a target without starts, with more than samples_max or named twice. The detail
/// begins with `file` and says which member.
result<bench_report> read_report(std::string_view text, const std::string& file);

/// In which respects two machines differ so that figures of them cannot be compared, a phrase each; none: they are
/// the same as far as can be told. Sizes of memory may differ by a twentieth, since kernels keep more or less of it.
std::vector<std::string> machine_differences(const machine_description& baseline, const machine_description& here);

/// Refuses a baseline that was made on another machine, unless `any_machine`.
/// invalid_argument: it was; the detail says in which respects and what to do.
result<void> check_machine(const bench_report& baseline, const machine_description& here, const std::string& file,
                           bool any_machine);

}  // namespace kelvin::lab
