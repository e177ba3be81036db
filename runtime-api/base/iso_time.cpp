#include "runtime-api/base/iso_time.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace kelvin {

std::string iso_time(wall_time when) {
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(whole);
  const auto count = static_cast<std::time_t>(seconds.count());
  std::tm calendar{};
  gmtime_r(&count, &calendar);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &calendar);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>((whole - seconds).count()));
  return std::string(text.data()).append(fraction.data());
}

}  // namespace kelvin
