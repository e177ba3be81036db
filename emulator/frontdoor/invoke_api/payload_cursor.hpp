#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kelvin::frontdoor {

/// A place in a payload, and the first problem met there, in the words of AWS's parser (Jackson).
/// Its columns are Jackson's: one behind the byte read last, or, for an unexpected character, that
/// byte itself.
class payload_cursor {
 protected:
  explicit payload_cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return position_ >= text_.size(); }
  /// The byte at the position. Precondition: not at_end().
  unsigned char peek() const { return static_cast<unsigned char>(text_[position_]); }

  /// ` at [Source: …; line: L, column: C]`
  std::string location(std::size_t position) const;
  /// `'x' (code 120)`, `(CTRL-CHAR, code 7)`
  static std::string described(char32_t code_point);

  // All of these note the problem and return false.
  bool fail(std::string_view what);
  bool fail_unexpected(std::string_view comment);
  bool fail_number(std::string_view comment);
  /// Takes the byte, which is no valid `what` (start, middle) of a UTF-8 character.
  bool fail_utf8(std::string_view what);

  std::string_view text_;
  std::size_t position_ = 0;
  std::string problem_;
};

}  // namespace kelvin::frontdoor
