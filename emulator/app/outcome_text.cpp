#include "emulator/app/outcome_text.hpp"

#include "emulator/terminal/terminal_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace kelvin {
namespace {

constexpr std::size_t answer_columns = 500;
constexpr std::size_t character_bytes = 4;

std::string in_short(const payload& answer) {
  // One column more than is shown, so that what is left out shows.
  std::string begin(answer.view().substr(0, (answer_columns + 1) * character_bytes));
  std::replace(begin.begin(), begin.end(), '\n', ' ');
  return cut_to_columns(printable_line(begin), answer_columns);
}

struct describe {
  outcome_line operator()(const invocation_success& answer) const {
    return {notice_level::info,
            answer.response.empty() ? "answered with no body" : "answered " + in_short(answer.response)};
  }
  outcome_line operator()(const function_error& answer) const {
    return {notice_level::warning, "failed: " + in_short(answer.error)};
  }
  outcome_line operator()(const throttled&) const {
    return {notice_level::warning, "was throttled: as many invocations run as may"};
  }
  outcome_line operator()(const service_failure& answer) const {
    return {notice_level::warning, "was not invoked: " + answer.message};
  }
};

}  // namespace

outcome_line outcome_text(const invocation_outcome& outcome) {
  return std::visit(describe{}, outcome.answer);
}

}  // namespace kelvin
