#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace kelvin {

/// Takes a member's name and text; false when nothing more is wanted. The text may be moved from.
using string_member_taker = std::function<bool(std::string_view name, std::string& text)>;

/// Gives `take` the members of the outermost object that are strings, in their order, and builds nothing of the rest.
/// Whether `text` is one JSON value and was read to its end: false also where `take` stopped it.
bool read_string_members(std::string_view text, const string_member_taker& take);

}  // namespace kelvin
