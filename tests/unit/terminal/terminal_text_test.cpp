#include "emulator/terminal/terminal_text.hpp"

#include <doctest/doctest.h>

using namespace kelvin;

TEST_CASE("A printable line is the first one, without control characters and broken UTF-8") {
  CHECK(printable_line("") == "");
  CHECK(printable_line("plain") == "plain");
  CHECK(printable_line("first\nsecond") == "first");
  CHECK(printable_line("carriage return\r\nsecond") == "carriage return");
  CHECK(printable_line("\x1b[31mred\x07\tand\x7f!") == " [31mred  and !");
  CHECK(printable_line("\xc2\x9b"
                       "2J") == " 2J");
  CHECK(printable_line("Zoë, 東京 🚀  ") == "Zoë, 東京 🚀");
  CHECK(printable_line("\xff"
                       "a\xc3") == "?a?");
  CHECK(printable_line("\xc3\x28") == "?(");
  CHECK(printable_line("\xe6\x9d") == "??");            // cut short
  CHECK(printable_line("\xc0\x9b") == "??");            // overlong escape
  CHECK(printable_line("\xe0\x80\x9b") == "???");       // overlong
  CHECK(printable_line("\xed\xa0\x80") == "???");       // surrogate
  CHECK(printable_line("\xf4\x90\x80\x80") == "????");  // above U+10FFFF
}

TEST_CASE("Columns are counted as terminals show characters") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("Zoë…") == 4);
  CHECK(columns_of("東京") == 4);
  CHECK(columns_of("🚀") == 2);
  CHECK(columns_of("e\xcc\x81") == 1);  // e and a combining acute
}

TEST_CASE("A text is cut so that it ends with an ellipsis within the columns") {
  CHECK(cut_to_columns("abcdef", 7) == "abcdef");
  CHECK(cut_to_columns("abcdef", 6) == "abcdef");
  CHECK(cut_to_columns("abcdef", 5) == "abcd…");
  CHECK(cut_to_columns("abcdef", 1) == "…");
  CHECK(cut_to_columns("abcdef", 0) == "");
  CHECK(cut_to_columns("", 0) == "");
  CHECK(cut_to_columns("東京都", 6) == "東京都");
  CHECK(cut_to_columns("東京都", 5) == "東京…");
  CHECK(cut_to_columns("東京都", 4) == "東…");
  for (std::size_t columns = 0; columns < 12; ++columns) {
    CAPTURE(columns);
    CHECK(columns_of(cut_to_columns("aë東🚀e\xcc\x81z", columns)) <= columns);
  }
}
