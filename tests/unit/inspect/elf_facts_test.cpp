#include "emulator/inspect/elf_facts.hpp"

#include "emulator/function/elf_header.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <elf.h>

#include <algorithm>
#include <random>

using namespace kelvin;
using namespace kelvin::inspection;

namespace {

/// A real program with everything in it: this test.
const std::string& own_program() {
  static const std::string content = kelvin::test::read_file("/proc/self/exe");
  return content;
}

}  // namespace

TEST_CASE("elf: a C++ program's own facts") {
  const auto facts = read_elf_facts(own_program());
  REQUIRE(facts);
  CHECK(facts->is_64_bit);
  CHECK(facts->is_whole);
  CHECK(facts->machine == this_machine());
  CHECK(facts->is_dynamic());
  CHECK(facts->interpreter.starts_with("/lib"));
  CHECK(std::count(facts->needed.begin(), facts->needed.end(), "libc.so.6") == 1);
  CHECK(std::any_of(facts->versions.begin(), facts->versions.end(), [](const auto& each) {
    return each.library == "libc.so.6" && each.version.starts_with("GLIBC_2.");
  }));
  CHECK(facts->build_id.size() == 40);
  CHECK(facts->debug_bytes > 0);
  CHECK(facts->symbol_table_bytes > 0);
  CHECK(facts->languages == std::vector<std::string>{"C++"});
  REQUIRE(facts->symbols.size() == 10);
  CHECK(std::is_sorted(facts->symbols.begin(), facts->symbols.end(),
                       [](const auto& left, const auto& right) { return left.size_bytes > right.size_bytes; }));
  CHECK(std::any_of(facts->symbols.begin(), facts->symbols.end(),
                    [](const auto& each) { return each.name.find("::") != std::string::npos; }));
  REQUIRE(facts->sections.size() > 10);
  CHECK(facts->sections[0].size_bytes >= facts->sections[1].size_bytes);
}

TEST_CASE("elf: what is none") {
  CHECK_FALSE(read_elf_facts(""));
  CHECK_FALSE(read_elf_facts("#!/bin/sh\n"));
  CHECK_FALSE(read_elf_facts("\177EL"));
}

TEST_CASE("elf: cut short anywhere it is damaged, and read without harm") {
  const std::string& whole = own_program();
  for (std::size_t bytes : {4u, 5u, 15u, 16u, 20u, 52u, 63u, 64u, 65u, 120u, 1000u, 5000u, 100'000u}) {
    CAPTURE(bytes);
    // Its own memory, so that a sanitizer sees the first byte behind.
    const std::string cut = whole.substr(0, bytes);
    const auto facts = read_elf_facts(cut);
    REQUIRE(facts);
    CHECK_FALSE(facts->is_whole);
  }
  const auto almost = read_elf_facts(whole.substr(0, whole.size() - 1));
  REQUIRE(almost);
  CHECK_FALSE(almost->is_whole);
  CHECK(almost->machine == this_machine());
}

TEST_CASE("elf: changed bytes are read without harm") {
  // Headers and the dynamic parts lie in the first pages, so that is where most of the changes go.
  const unsigned seed = kelvin::test::random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  std::string content = own_program().substr(0, 200'000);
  for (unsigned round = 0; round < 300; ++round) {
    std::string changed = content;
    for (unsigned count = 0; count < 8; ++count) {
      const std::size_t range = count < 4 ? 1024 : changed.size();
      changed[random() % range] = static_cast<char>(random());
    }
    changed.replace(0, 4, ELFMAG);
    REQUIRE(read_elf_facts(changed));
  }
}
