#pragma once

#include "emulator/observability/function_status.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kelvin {

/// Of a terminal, in characters.
struct screen_size {
  std::size_t columns = 80;
  std::size_t rows = 24;

  bool operator==(const screen_size&) const = default;
};

/// One line on a terminal.
struct screen_line {
  std::string text;         ///< UTF-8, with colours where they are wanted
  std::size_t columns = 0;  ///< that it takes

  bool operator==(const screen_line&) const = default;
};

/// How status lines are to look.
struct status_style {
  bool colour = false;
  bool keys = false;  ///< a last line says which keys there are
};

/// One line per function, in the order given: name, what it is doing, its version, and how that differs from the one
/// before, or what is wrong. Each ends a column before the screen does; together they leave three rows and the
/// keys' to the log, and a line says of how many functions there is none. Nothing where there is no function.
std::vector<screen_line> status_lines(const std::vector<const function_status*>& functions, steady_time now,
                                      screen_size size, status_style style);

/// Whether a line changes as time goes by: something builds or starts.
bool shows_time(const std::vector<const function_status*>& functions);

}  // namespace kelvin
