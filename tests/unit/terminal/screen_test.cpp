#include "emulator/terminal/screen.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

using namespace kelvin;

TEST_CASE("Lines are written with line ends between, after switching colours off") {
  CHECK(block_text({}) == "");
  CHECK(block_text({{"a", 1}}) == "\x1b[0ma");
  CHECK(block_text({{"a", 1}, {"b", 1}}) == "\x1b[0ma\nb");
}

TEST_CASE("Lines are taken away from the first one on, wrapped ones too") {
  CHECK(erase_block({}, 80) == "");
  CHECK(erase_block({10}, 80) == "\r\x1b[J");
  CHECK(erase_block({10, 79, 0}, 80) == "\r\x1b[2A\x1b[J");
  CHECK(erase_block({10, 79}, 40) == "\r\x1b[2A\x1b[J");
  CHECK(erase_block({40, 80}, 40) == "\r\x1b[2A\x1b[J");
  CHECK(erase_block({41, 81}, 40) == "\r\x1b[4A\x1b[J");
  CHECK(erase_block({3}, 0) == "\r\x1b[2A\x1b[J");
}

TEST_CASE("Text is placed on terminals that say what they are, but not on dumb ones") {
  CHECK(places_text("xterm-256color"));
  CHECK(places_text("linux"));
  CHECK_FALSE(places_text("dumb"));
  CHECK_FALSE(places_text(""));
  CHECK_FALSE(places_text(nullptr));
}

TEST_CASE("A terminal's size is asked for; 80 by 24 where it does not say") {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  CHECK(screen_size_of(terminal) == screen_size{80, 24});
  const winsize told{50, 132, 0, 0};
  REQUIRE(::ioctl(terminal, TIOCSWINSZ, &told) == 0);
  CHECK(screen_size_of(terminal) == screen_size{132, 50});
  // It is nobody's controlling terminal.
  CHECK_FALSE(in_foreground(terminal));
  ::close(terminal);
  CHECK(screen_size_of(-1) == screen_size{80, 24});
}
