#pragma once

#include "emulator/terminal/status_lines.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kelvin {

/// Of the terminal behind a descriptor; 80 by 24 where it does not say.
screen_size screen_size_of(int descriptor);

/// Whether `descriptor` is this process's terminal, and its foreground process group is ours: who else reads its keys
/// or changes its modes is stopped, or takes them from who is in the foreground.
bool in_foreground(int descriptor);

/// Whether text may be placed on a terminal of this kind (the variable TERM, null if it is not set).
bool places_text(const char* kind);

/// Lines as they are written; the cursor stays behind the last one.
std::string block_text(const std::vector<screen_line>& lines);

/// What takes written lines of so many columns off a screen, and leaves the cursor where the first began. A screen
/// that has become narrower since has wrapped them, as nearly all terminals do. Empty for no lines.
std::string erase_block(const std::vector<std::size_t>& columns, std::size_t screen_columns);

}  // namespace kelvin
