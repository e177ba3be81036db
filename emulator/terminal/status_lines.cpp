#include "emulator/terminal/status_lines.hpp"

#include "emulator/terminal/key_action.hpp"
#include "emulator/terminal/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kelvin {
namespace {

constexpr std::size_t rows_for_log = 3;
constexpr std::size_t name_columns_max = 32;
constexpr std::string_view gap = "  ";

constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[0m";

std::string_view colour_of(status_word word) {
  switch (word) {
    case status_word::building: return "\x1b[36m";
    case status_word::starting: return "\x1b[33m";
    case status_word::ready: return "\x1b[32m";
    case status_word::failed: return "\x1b[31m";
  }
  return {};
}

/// One line in the making, which takes no more columns than it has.
class line_maker {
 public:
  line_maker(std::size_t columns, bool colour) : left_(columns), colour_(colour) {}

  /// Adds a text, with spaces behind it up to `width` columns.
  void add(std::string_view text, std::string_view colour = {}, std::size_t width = 0) {
    const std::string shown = cut_to_columns(text, left_);
    const std::size_t taken = columns_of(shown);
    const std::size_t spaces = std::min(width > taken ? width - taken : 0, left_ - taken);
    const bool coloured = colour_ && !colour.empty() && taken != 0;
    line_.text.append(coloured ? colour : "").append(shown).append(coloured ? plain : "").append(spaces, ' ');
    line_.columns += taken + spaces;
    left_ -= taken + spaces;
  }

  screen_line take() { return std::move(line_); }

 private:
  screen_line line_;
  std::size_t left_;
  bool colour_;
};

std::string whole_seconds(steady_time since, steady_time now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(std::max(now - since, steady_time::duration::zero()));
  return std::to_string(seconds.count()) + " s";
}

/// `building 12 s`, `starting`, `ready`.
std::string state_text(const function_status& status, steady_time now) {
  const status_word word = word_of(status);
  std::string text(name_of(word));
  if (word == status_word::building) {
    text += " " + (status.build.began ? whole_seconds(*status.build.began, now) : "soon");
  } else if (word == status_word::starting && now - *status.trial_began >= std::chrono::seconds(1)) {
    text += " " + whole_seconds(*status.trial_began, now);
  }
  return text;
}

std::string version_name(const function_status& status) {
  return status.serving.number == 0 ? std::string() : "version " + std::to_string(status.serving.number);
}

std::string details(const function_status& status) {
  switch (word_of(status)) {
    case status_word::building: return printable_line(status.build.command);
    case status_word::starting:
    case status_word::ready: return version_text(status);
    case status_word::failed: {
      const bool build = status.build.is == function_build::state::failed;
      return printable_line(build && !status.build.sentence.empty() ? status.build.sentence : status.problem);
    }
  }
  return {};
}

/// How wide the columns before the last one are.
struct column_widths {
  std::size_t name = 0;
  std::size_t state = 0;
  std::size_t version = 0;
};

column_widths widths_of(const std::vector<const function_status*>& functions, steady_time now) {
  column_widths widths;
  for (const function_status* each : functions) {
    widths.name = std::max(widths.name, std::min(each->name.size(), name_columns_max));
    widths.state = std::max(widths.state, state_text(*each, now).size());
    widths.version = std::max(widths.version, version_name(*each).size());
  }
  return widths;
}

screen_line function_line(const function_status& status, steady_time now, const column_widths& widths,
                          line_maker line) {
  const std::string rest = details(status);
  line.add(cut_to_columns(printable_line(status.name), name_columns_max), {}, widths.name);
  line.add(gap);
  line.add(state_text(status, now), colour_of(word_of(status)), widths.state);
  if (widths.version != 0) {
    line.add(gap);
    line.add(version_name(status), {}, widths.version);
  }
  if (!rest.empty()) {
    line.add(gap);
    line.add(rest);
  }
  return line.take();
}

/// `… and 12 more (2 building, 1 failed)`.
std::string more_text(const std::vector<const function_status*>& functions, std::size_t from) {
  std::string text = "… and " + std::to_string(functions.size() - from) + " more";
  std::string busy;
  for (const status_word word : {status_word::building, status_word::starting, status_word::failed}) {
    const auto count = std::count_if(functions.begin() + static_cast<std::ptrdiff_t>(from), functions.end(),
                                     [word](const function_status* each) { return word_of(*each) == word; });
    if (count != 0) {
      busy += (busy.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(name_of(word));
    }
  }
  return busy.empty() ? text : text + " (" + busy + ")";
}

}  // namespace

std::vector<screen_line> status_lines(const std::vector<const function_status*>& functions, steady_time now,
                                      screen_size size, status_style style) {
  std::vector<screen_line> lines;
  if (functions.empty()) {
    return lines;
  }
  // In the last column a cursor is at a place of which terminals think differently.
  const line_maker empty(std::max<std::size_t>(size.columns, 2) - 1, style.colour);
  const std::size_t taken = rows_for_log + (style.keys ? 1 : 0);
  const std::size_t room = std::max<std::size_t>(size.rows, taken + 1) - taken;
  const std::size_t shown = functions.size() <= room ? functions.size() : room - 1;
  const column_widths widths = widths_of(functions, now);
  for (std::size_t at = 0; at < shown; ++at) {
    lines.push_back(function_line(*functions[at], now, widths, empty));
  }
  if (shown < functions.size()) {
    line_maker more = empty;
    more.add(more_text(functions, shown), dim);
    lines.push_back(more.take());
  }
  if (style.keys) {
    line_maker keys = empty;
    keys.add(key_line(), dim);
    lines.push_back(keys.take());
  }
  return lines;
}

bool shows_time(const std::vector<const function_status*>& functions) {
  return std::any_of(functions.begin(), functions.end(), [](const function_status* each) {
    const status_word word = word_of(*each);
    return (word == status_word::building && each->build.began) || word == status_word::starting;
  });
}

}  // namespace kelvin
