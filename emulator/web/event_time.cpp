#include "emulator/web/event_time.hpp"

#include <array>
#include <chrono>

namespace kelvin::web {
namespace {

void append_two_digits(std::string& text, unsigned number) {
  text.push_back(static_cast<char>('0' + number / 10 % 10));
  text.push_back(static_cast<char>('0' + number % 10));
}

}  // namespace

std::string event_time(wall_time when) {
  // Not by strftime: the names of months must not follow anybody's locale.
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(when - day));
  std::string text;
  text.reserve(sizeof "23/Nov/2026:12:34:56 +0000");
  append_two_digits(text, static_cast<unsigned>(date.day()));
  text.append("/").append(months.at(static_cast<unsigned>(date.month()) - 1)).append("/");
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  append_two_digits(text, year / 100);
  append_two_digits(text, year % 100);
  for (const auto part : {time.hours().count(), time.minutes().count(), time.seconds().count()}) {
    text.push_back(':');
    append_two_digits(text, static_cast<unsigned>(part));
  }
  return text.append(" +0000");
}

std::int64_t epoch_ms(wall_time when) {
  return std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

}  // namespace kelvin::web
