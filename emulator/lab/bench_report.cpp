#include "emulator/lab/bench_report.hpp"

#include <array>

namespace kelvin::lab {

std::span<const cold_start_figure> cold_start_figures() {
  static constexpr std::array<cold_start_figure, 12> figures = {{
      {"init_ms", &cold_start::init_ms, nullptr},
      {"spawn_ms", &cold_start::spawn_ms, nullptr},
      {"exec_to_connect_ms", &cold_start::exec_to_connect_ms, nullptr},
      {"connect_to_next_ms", &cold_start::connect_to_next_ms, nullptr},
      {"first_invoke_ms", nullptr, &cold_start::first_invoke_ms},
      {"user_cpu_ms", nullptr, &cold_start::user_cpu_ms},
      {"system_cpu_ms", nullptr, &cold_start::system_cpu_ms},
      {"cpu_wait_ms", nullptr, &cold_start::cpu_wait_ms},
      {"minor_page_faults", nullptr, &cold_start::minor_page_faults},
      {"major_page_faults", nullptr, &cold_start::major_page_faults},
      {"read_kib", nullptr, &cold_start::read_kib},
      {"peak_memory_kib", nullptr, &cold_start::peak_memory_kib},
  }};
  return figures;
}

std::vector<double> values_of(std::span<const cold_start> starts, const cold_start_figure& figure) {
  std::vector<double> values;
  for (const cold_start& start : starts) {
    if (const auto value = figure.of(start)) {
      values.push_back(*value);
    }
  }
  return values;
}

}  // namespace kelvin::lab
