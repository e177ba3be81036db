#include "emulator/invoke/tail_buffer.hpp"

#include <doctest/doctest.h>

using kelvin::tail_buffer;

TEST_CASE("a tail keeps what fits") {
  tail_buffer tail;
  CHECK(tail.text().empty());
  tail.append("START\n");
  tail.append("");
  tail.append("END\n");
  CHECK(tail.text() == "START\nEND\n");
  tail.clear();
  CHECK(tail.text().empty());
}

TEST_CASE("a tail is the end of everything that was appended") {
  // Piece sizes around the capacity, so that the ring's edges are met in every way.
  for (const std::size_t piece : {1u, 7u, 100u, 4095u, 4096u, 4097u, 10'000u}) {
    CAPTURE(piece);
    tail_buffer tail;
    std::string everything;
    for (std::size_t number = 0; everything.size() < 3 * tail_buffer::capacity_bytes; ++number) {
      std::string text(piece, static_cast<char>('a' + number % 26));
      text.back() = static_cast<char>('A' + number % 26);
      tail.append(text);
      everything += text;
      const std::size_t held = std::min(everything.size(), tail_buffer::capacity_bytes);
      REQUIRE(tail.text() == everything.substr(everything.size() - held));
    }
  }
}
