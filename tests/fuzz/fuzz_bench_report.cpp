#include "emulator/lab/baseline.hpp"
#include "emulator/lab/report_json.hpp"
#include "tests/fuzz/require.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <string>

using namespace kelvin;
using kelvin::fuzz::require;

namespace {

/// A document that is whole, or was until some of it was replaced.
std::string document(FuzzedDataProvider& input) {
  lab::bench_report report;
  report.seed = input.ConsumeIntegral<std::uint64_t>();
  report.machine.processor = input.ConsumeRandomLengthString(20);
  lab::bench_target& target = report.targets.emplace_back();
  target.name = input.ConsumeRandomLengthString(20);
  for (int starts = input.ConsumeIntegralInRange(1, 5); starts > 0; --starts) {
    lab::cold_start& start = target.cold.emplace_back();
    start.init_ms = input.ConsumeFloatingPoint<double>();
    start.user_cpu_ms = input.ConsumeFloatingPointInRange<double>(0, 100);
  }
  auto written = lab::report_json(report);
  if (!written) {
    return {};
  }
  while (input.remaining_bytes() > 0) {
    const auto at = input.ConsumeIntegralInRange<std::size_t>(0, written->size());
    written->replace(at, input.ConsumeIntegralInRange<std::size_t>(0, 10), input.ConsumeRandomLengthString(20));
  }
  return *written;
}

}  // namespace

/// What can be read as a baseline can be written, and is then read as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const std::string text = input.ConsumeBool() ? document(input) : input.ConsumeRemainingBytesAsString();
  const auto read = lab::read_report(text, "baseline");
  if (!read) {
    return 0;
  }
  const auto written = lab::report_json(*read);
  require(written.has_value());
  const auto again = lab::read_report(*written, "baseline");
  require(again.has_value() && *again == *read);
  return 0;
}
