#include "emulator/frontdoor/invoke_api/payload_problem.hpp"

#include "emulator/frontdoor/invoke_api/payload_cursor.hpp"
#include "emulator/frontdoor/invoke_api/utf8.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace kelvin::frontdoor {
namespace {

constexpr std::string_view value_list = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
constexpr std::size_t token_length_max = 256;

/// Reads the payload as Jackson's UTF-8 parser does, so that the first problem it meets, its words
/// and its column are the same.
class payload_reader : private payload_cursor {
 public:
  explicit payload_reader(std::string_view text) : payload_cursor(text) {}

  std::string problem() {
    if (skip_space() && at_end()) {
      fail("No content to map due to end-of-input");
    }
    bool more = problem_.empty() && read_value();
    while (more && !open_.empty()) {
      more = read_behind_value() && (open_.empty() || read_value());
    }
    if (problem_.empty() && skip_space() && !at_end()) {
      fail_unexpected("Expected space separating root-level values");
    }
    if (problem_.empty()) {
      fail("The payload is not valid JSON");
    }
    return problem_;
  }

 private:
  struct container {
    char opener;
    std::size_t position;
  };

  /// White space; false if a control character that is none stands there.
  bool skip_space() {
    while (!at_end() && peek() <= ' ') {
      const char character = text_[position_];
      if (character != ' ' && character != '\n' && character != '\r' && character != '\t') {
        return fail("Illegal character (" + described(peek()) +
                    "): only regular white space (\\r, \\n, \\t) is allowed between tokens");
      }
      ++position_;
    }
    return true;
  }

  bool read_value() {
    if (!skip_space() || fails_at_end()) {
      return false;
    }
    const char character = text_[position_];
    switch (character) {
      case '{':
      case '[': return read_opener(character);
      case '"': return read_string("Unexpected end-of-input: was expecting closing quote for a string value");
      case 't': return read_word("true");
      case 'f': return read_word("false");
      case 'n': return read_word("null");
      case '-': return read_number();
      default: return character >= '0' && character <= '9' ? read_number() : fail_value();
    }
  }

  bool read_opener(char opener) {
    if (open_.size() == payload_depth_max) {
      return fail("Document nesting depth (" + std::to_string(payload_depth_max + 1) +
                  ") exceeds the maximum allowed (" + std::to_string(payload_depth_max) +
                  ", from `StreamReadConstraints.getMaxNestingDepth()`)");
    }
    open_.push_back({opener, position_});
    ++position_;
    if (!skip_space() || fails_at_end()) {
      return false;
    }
    if (text_[position_] == (opener == '{' ? '}' : ']')) {
      ++position_;
      open_.pop_back();
      return true;
    }
    return opener == '{' ? read_name() && read_value() : read_value();
  }

  /// Closers and commas behind a value, up to where the next value begins; true without an open
  /// container left.
  bool read_behind_value() {
    while (!open_.empty()) {
      if (!skip_space() || fails_at_end()) {
        return false;
      }
      const bool in_object = open_.back().opener == '{';
      const char character = text_[position_];
      if (character == ',') {
        ++position_;
        return !in_object || read_name();
      }
      if (character == (in_object ? '}' : ']')) {
        ++position_;
        open_.pop_back();
      } else if (character == '}' || character == ']') {
        ++position_;
        return fail(std::string("Unexpected close marker '") + character + "': expected '" + (in_object ? '}' : ']') +
                    "' (for " + (in_object ? "Object" : "Array") + " starting" + location(open_.back().position) + ")");
      } else {
        return fail_unexpected(in_object ? "was expecting comma to separate Object entries"
                                         : "was expecting comma to separate Array entries");
      }
    }
    return true;
  }

  bool read_name() {
    if (!skip_space() || fails_at_end()) {
      return false;
    }
    if (text_[position_] != '"') {
      return fail_unexpected("was expecting double-quote to start field name");
    }
    if (!read_string("Unexpected end-of-input in field name") || !skip_space() || fails_at_end()) {
      return false;
    }
    if (text_[position_] != ':') {
      return fail_unexpected("was expecting a colon to separate field name and value");
    }
    ++position_;
    return true;
  }

  /// True, with the problem noted, at the end of the payload.
  bool fails_at_end() {
    if (!at_end()) {
      return false;
    }
    if (open_.empty()) {
      fail("Unexpected end-of-input");
    } else {
      const container& open = open_.back();
      fail(std::string("Unexpected end-of-input: expected close marker for ") +
           (open.opener == '{' ? "Object" : "Array") + " (start marker" + location(open.position) + ")");
    }
    return true;
  }

  bool read_string(std::string_view problem_at_end) {
    for (++position_; !at_end();) {
      const unsigned char byte = peek();
      if (byte == '"') {
        ++position_;
        return true;
      }
      if (byte == '\\') {
        if (!read_escape(problem_at_end)) {
          return false;
        }
      } else if (byte < 0x20) {
        ++position_;
        return fail("Illegal unquoted character (" + described(byte) +
                    "): has to be escaped using backslash to be included in string value");
      } else if (byte < 0x80) {
        ++position_;
      } else if (!read_beyond_ascii()) {
        return false;
      }
    }
    return fail(problem_at_end);
  }

  bool read_escape(std::string_view problem_at_end) {
    ++position_;
    if (at_end()) {
      return fail(problem_at_end);
    }
    const char escaped = text_[position_];
    if (escaped != 'u') {
      if (std::string_view("\"\\/bfnrt").find(escaped) == std::string_view::npos) {
        const std::string description = described(peek());
        ++position_;
        return fail("Unrecognized character escape " + description);
      }
      ++position_;
      return true;
    }
    const auto unit = read_code_unit();
    if (!unit || !is_surrogate(*unit)) {
      return unit.has_value();
    }
    bool is_pair = *unit < 0xdc00 && text_.substr(position_).starts_with("\\u");
    if (is_pair) {
      ++position_;
      const auto second = read_code_unit();
      if (!second) {
        return false;
      }
      is_pair = is_surrogate(*second) && *second >= 0xdc00;
    }
    return is_pair || fail("Incomplete surrogate pair in character escape sequence");
  }

  static bool is_surrogate(unsigned unit) { return unit >= 0xd800 && unit < 0xe000; }

  /// The four digits behind the `u` at the position; nullopt, with the problem noted, if they are not there.
  std::optional<unsigned> read_code_unit() {
    unsigned unit = 0;
    ++position_;
    for (int digit = 0; digit < 4; ++digit, ++position_) {
      if (at_end()) {
        fail("Unexpected end-of-input in character escape sequence");
        return std::nullopt;
      }
      const std::size_t value = std::string_view("0123456789abcdefABCDEF").find(text_[position_]);
      if (value == std::string_view::npos) {
        fail_unexpected("expected a hex-digit for character escape sequence");
        return std::nullopt;
      }
      unit = unit * 16 + static_cast<unsigned>(value < 16 ? value : value - 6);
    }
    return unit;
  }

  bool read_beyond_ascii() {
    const unsigned char first = peek();
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) {
      return fail_utf8("start");
    }
    const utf8_character character = utf8_front(text_.substr(position_));
    for (std::size_t index = 1; character.length == 0 && index <= length; ++index) {
      ++position_;
      if (at_end()) {
        return fail("Unexpected end-of-input: was expecting closing quote for a string value");
      }
      if (index == length || (peek() & 0xc0) != 0x80) {
        return fail_utf8("middle");
      }
    }
    position_ += length;
    return true;
  }

  static bool is_token_part(char32_t code_point) {
    return (code_point >= '0' && code_point <= '9') || (code_point >= 'a' && code_point <= 'z') ||
           (code_point >= 'A' && code_point <= 'Z') || code_point == '_' || code_point == '$' ||
           (code_point >= 0xc0 && code_point != 0xd7 && code_point != 0xf7);
  }

  bool read_word(std::string_view word) {
    std::size_t matched = 1;
    while (matched < word.size() && text_.substr(position_ + matched, 1) == word.substr(matched, 1)) {
      ++matched;
    }
    position_ += matched;
    if (matched < word.size() || (!at_end() && is_token_part(peek()))) {
      return fail_token(std::string(word.substr(0, matched)));
    }
    return true;
  }

  /// The numbers that JavaScript knows and JSON does not.
  bool fail_non_standard(std::string_view word) {
    position_ += word.size();
    return fail("Non-standard token '" + std::string(word) +
                "': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow");
  }

  /// The whole word that begins with `token`; the character that ends it is read, too.
  bool fail_token(std::string token) {
    while (!at_end() && token.size() < token_length_max) {
      const utf8_character character = utf8_front(text_.substr(position_));
      if (character.length == 0) {
        return fail_utf8("start");
      }
      position_ += character.length;
      if (!is_token_part(character.code_point)) {
        break;
      }
      append_utf8(token, character.code_point);
    }
    return fail("Unrecognized token '" + token + (token.size() < token_length_max ? "" : "...") + "': was expecting " +
                std::string(value_list));
  }

  bool fail_value() {
    const unsigned char byte = peek();
    if (byte == ',' || byte == '}' || (byte == ']' && !open_.empty() && open_.back().opener == '[')) {
      return fail_unexpected("expected a value");
    }
    for (const std::string_view word : {"NaN", "Infinity"}) {
      if (text_.substr(position_).starts_with(word)) {
        return fail_non_standard(word);
      }
    }
    if (is_token_part(byte)) {
      std::string token;
      append_utf8(token, byte);
      ++position_;
      return fail_token(std::move(token));
    }
    return fail_unexpected("expected a valid value " + std::string(value_list));
  }

  bool at_digit() const { return !at_end() && peek() >= '0' && peek() <= '9'; }

  void skip_digits() {
    while (at_digit()) {
      ++position_;
    }
  }

  bool read_number() {
    if (peek() == '-') {
      ++position_;
      if (!at_digit()) {
        return fail_number("expected digit (0-9) to follow minus sign, for valid numeric value");
      }
    }
    const bool leading_zero = peek() == '0';
    ++position_;
    if (leading_zero && at_digit()) {
      return fail("Invalid numeric value: Leading zeroes not allowed");
    }
    skip_digits();
    if (!at_end() && peek() == '.') {
      ++position_;
      if (!at_digit()) {
        return fail_number("Decimal point not followed by a digit");
      }
      skip_digits();
    }
    if (!at_end() && (peek() == 'e' || peek() == 'E')) {
      ++position_;
      if (!at_end() && (peek() == '+' || peek() == '-')) {
        ++position_;
      }
      if (!at_digit()) {
        return fail_number("Exponent indicator not followed by a digit");
      }
      skip_digits();
    }
    return true;
  }

  std::vector<container> open_;
};

}  // namespace

std::string payload_problem(std::string_view text) {
  return payload_reader(text).problem();
}

}  // namespace kelvin::frontdoor
