#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kelvin {

/// The first line of `text` as it may be shown on a terminal: control characters become spaces, bytes that are not
/// UTF-8 become `?`, spaces at the end go.
std::string printable_line(std::string_view text);

/// How many columns a terminal shows printable UTF-8 in: two for the wide characters of East Asia and emoji, none for
/// combining ones.
std::size_t columns_of(std::string_view text);

/// Printable UTF-8 in at most `columns` columns; what is cut ends with `…`.
std::string cut_to_columns(std::string_view text, std::size_t columns);

}  // namespace kelvin
