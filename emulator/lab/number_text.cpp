#include "emulator/lab/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kelvin::lab {

std::string exact_number(double value) {
  return fmt::format("{}", value);
}

std::string short_number(double value) {
  if (value == 0 || !std::isfinite(value)) {
    return exact_number(value);
  }
  const double places = 3 - std::floor(std::log10(std::abs(value)));
  if (places <= 0) {
    return exact_number(std::round(value));
  }
  const double unit = std::pow(10.0, std::min(places, 12.0));
  return exact_number(std::round(value * unit) / unit);
}

}  // namespace kelvin::lab
