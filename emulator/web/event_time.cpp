#include "emulator/web/event_time.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace kelvin::web {

std::string event_time(wall_time when) {
  // Not by strftime: the names of months must not follow anybody's locale.
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds =
      static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()).count());
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%02d/%s/%04d:%02d:%02d:%02d +0000", calendar.tm_mday,
                months.at(static_cast<std::size_t>(calendar.tm_mon)), calendar.tm_year + 1900, calendar.tm_hour,
                calendar.tm_min, calendar.tm_sec);
  return text.data();
}

std::int64_t epoch_ms(wall_time when) {
  return std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

}  // namespace kelvin::web
