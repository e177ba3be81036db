#pragma once

#include "emulator/lab/bench_report.hpp"

#include <string>

namespace kelvin::lab {

/// Every start as a line of comma-separated values (RFC 4180, lines end with CR LF), behind a head of names: target,
/// page_cache (warm or evicted), position, then the figures of a cold start. What is not known is empty.
std::string report_csv(const bench_report& report);

}  // namespace kelvin::lab
