#include "emulator/observability/application_level.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace kelvin {
namespace {

using json = nlohmann::json;

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

/// Takes `level` and `timestamp` of the outermost object and builds nothing.
class level_finder final : public json::json_sax_t {
 public:
  std::string level;
  std::string timestamp;

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(std::int64_t) override { return value(); }
  bool number_unsigned(std::uint64_t) override { return value(); }
  bool number_float(double, const std::string&) override { return value(); }
  bool binary(json::binary_t&) override { return value(); }
  bool string(std::string& text) override {
    if (wanted_ != nullptr) {
      *wanted_ = std::move(text);
    }
    return value();
  }
  bool key(std::string& name) override {
    wanted_ = depth_ != 1 ? nullptr : name == "level" ? &level : name == "timestamp" ? &timestamp : nullptr;
    return true;
  }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool value() {
    wanted_ = nullptr;
    return true;
  }
  bool enter() {
    ++depth_;
    return value();
  }
  bool leave() {
    --depth_;
    return value();
  }

  std::string* wanted_ = nullptr;
  unsigned depth_ = 0;
};

}  // namespace

std::optional<log_level> application_level(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos || line[begin] != '{') {
    return std::nullopt;
  }
  level_finder found;
  if (!json::sax_parse(line, &found)) {
    return std::nullopt;
  }
  if (!is_rfc_3339(found.timestamp)) {
    return log_level::info;
  }
  for (const log_level each : levels) {
    if (equal_ignoring_case(found.level, name_of(each))) {
      return each;
    }
  }
  return log_level::info;
}

}  // namespace kelvin
