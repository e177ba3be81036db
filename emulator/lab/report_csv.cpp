#include "emulator/lab/report_csv.hpp"

#include "emulator/lab/number_text.hpp"

namespace kelvin::lab {
namespace {

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    return field;
  }
  std::string text = "\"";
  for (const char byte : field) {
    text.append(byte == '"' ? 2 : 1, byte);
  }
  return text + '"';
}

void add_starts(std::string& text, const std::string& target, const char* page_cache,
                const std::vector<cold_start>& starts) {
  for (const cold_start& start : starts) {
    text += quoted(target) + "," + page_cache + "," + std::to_string(start.position);
    for (const cold_start_figure& figure : cold_start_figures()) {
      const auto value = figure.of(start);
      text += "," + (value ? exact_number(*value) : std::string());
    }
    text += "\r\n";
  }
}

}  // namespace

std::string report_csv(const bench_report& report) {
  std::string text = "target,page_cache,position";
  for (const cold_start_figure& figure : cold_start_figures()) {
    text.append(",").append(figure.name);
  }
  text += "\r\n";
  for (const bench_target& target : report.targets) {
    add_starts(text, target.name, "warm", target.cold);
    add_starts(text, target.name, "evicted", target.evicted);
  }
  return text;
}

}  // namespace kelvin::lab
