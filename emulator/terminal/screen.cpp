#include "emulator/terminal/screen.hpp"

#include <algorithm>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace kelvin {

screen_size screen_size_of(int descriptor) {
  screen_size size;
  winsize told{};
  if (::ioctl(descriptor, TIOCGWINSZ, &told) == 0) {
    size.columns = told.ws_col != 0 ? told.ws_col : size.columns;
    size.rows = told.ws_row != 0 ? told.ws_row : size.rows;
  }
  return size;
}

bool in_foreground(int descriptor) {
  return ::tcgetpgrp(descriptor) == ::getpgrp();
}

bool places_text(const char* kind) {
  const std::string_view name = kind ? kind : "";
  return !name.empty() && name != "dumb";
}

std::string block_text(const std::vector<screen_line>& lines) {
  std::string text;
  for (const screen_line& each : lines) {
    // A function may have left a colour switched on.
    text.append(text.empty() ? "\x1b[0m" : "\n").append(each.text);
  }
  return text;
}

std::string erase_block(const std::vector<std::size_t>& columns, std::size_t screen_columns) {
  if (columns.empty()) {
    return {};
  }
  const std::size_t width = std::max<std::size_t>(screen_columns, 1);
  std::size_t rows = 0;
  for (const std::size_t each : columns) {
    rows += std::max<std::size_t>((each + width - 1) / width, 1);
  }
  const std::string up = rows > 1 ? "\x1b[" + std::to_string(rows - 1) + "A" : "";
  return "\r" + up + "\x1b[J";
}

}  // namespace kelvin
