#include "emulator/observability/application_level.hpp"

#include "emulator/invoke/json_members.hpp"

#include <array>
#include <string>
#include <utility>

namespace kelvin {
namespace {

constexpr std::array levels = {log_level::trace, log_level::debug, log_level::info,
                               log_level::warn,  log_level::error, log_level::fatal};

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) {
    return false;
  }
  for (std::size_t index = 0; index < left.size(); ++index) {
    const auto upper = [](char letter) {
      return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    };
    if (upper(left[index]) != upper(right[index])) {
      return false;
    }
  }
  return true;
}

/// `2026-01-02T03:04:05[.fraction]Z` or with an offset `+hh:mm`.
bool is_rfc_3339(std::string_view text) noexcept {
  const auto takes = [&text](std::string_view form) {
    if (text.size() < form.size()) {
      return false;
    }
    for (std::size_t index = 0; index < form.size(); ++index) {
      const bool is_digit = text[index] >= '0' && text[index] <= '9';
      if (form[index] == 'd' ? !is_digit : text[index] != form[index]) {
        return false;
      }
    }
    text.remove_prefix(form.size());
    return true;
  };
  if (!takes("dddd-dd-ddTdd:dd:dd")) {
    return false;
  }
  if (text.starts_with('.')) {
    if (!takes(".d")) {
      return false;
    }
    while (takes("d")) {
    }
  }
  return text == "Z" || ((takes("+dd:dd") || takes("-dd:dd")) && text.empty());
}

}  // namespace

std::optional<log_level> application_level(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos || line[begin] != '{') {
    return std::nullopt;
  }
  std::string level;
  std::string timestamp;
  const auto take = [&level, &timestamp](std::string_view name, std::string& value) {
    if (name == "level" || name == "timestamp") {
      (name == "level" ? level : timestamp) = std::move(value);
    }
    return true;
  };
  if (!read_string_members(line, take)) {
    return std::nullopt;
  }
  if (!is_rfc_3339(timestamp)) {
    return log_level::info;
  }
  for (const log_level each : levels) {
    if (equal_ignoring_case(level, name_of(each))) {
      return each;
    }
  }
  return log_level::info;
}

}  // namespace kelvin
