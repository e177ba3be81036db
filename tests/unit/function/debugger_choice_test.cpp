#include "emulator/function/debugger_choice.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <set>

using namespace kelvin;
using namespace kelvin::test;

namespace {

program_finder installed(std::set<std::string> names) {
  return [names](std::string_view name) {
    return names.contains(std::string(name)) ? "/usr/bin/" + std::string(name) : std::string();
  };
}

/// The smallest ELF file with a table of section names.
std::string program_with(const std::string& names) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_shoff = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 1;
  Elf64_Shdr table{};
  table.sh_offset = sizeof header + sizeof table;
  table.sh_size = names.size();
  std::string file(reinterpret_cast<const char*>(&header), sizeof header);
  file.append(reinterpret_cast<const char*>(&table), sizeof table);
  return file.append(names);
}

}  // namespace

TEST_CASE("the debugger that suits the bootstrap and is installed is taken") {
  struct row {
    bool is_go;
    std::set<std::string> names;
    debugger expected;
    bool says_why;
  };
  const row rows[] = {
      {false, {"gdbserver", "lldb-server", "dlv"}, debugger::gdbserver, false},
      {false, {"lldb-server", "dlv"}, debugger::lldb_server, true},
      {false, {"dlv"}, debugger::wait, true},
      {false, {}, debugger::wait, true},
      {true, {"gdbserver", "lldb-server", "dlv"}, debugger::dlv, false},
      {true, {"gdbserver", "lldb-server"}, debugger::gdbserver, true},
      {true, {"lldb-server"}, debugger::lldb_server, true},
      {true, {}, debugger::wait, true},
  };
  for (const row& each : rows) {
    CAPTURE(each.is_go);
    CAPTURE(each.names.size());
    const auto chosen = choose_debugger(std::nullopt, each.is_go, installed(each.names));
    REQUIRE(succeeds(chosen));
    CHECK(chosen->with == each.expected);
    CHECK(chosen->why_not.empty() != each.says_why);
    CHECK(chosen->program ==
          (each.expected == debugger::wait ? "" : "/usr/bin/" + std::string(name_of(each.expected))));
  }
}

TEST_CASE("what is missing is said, with its package and what is taken instead") {
  const auto chosen = choose_debugger(std::nullopt, true, installed({"lldb-server"}));
  REQUIRE(succeeds(chosen));
  CHECK(chosen->why_not ==
        "dlv is not installed (Debian's package delve), gdbserver is not installed (Debian's package gdbserver), so "
        "that it is debugged with lldb-server");
}

TEST_CASE("a debugger that was asked for and is missing is an error that names its package") {
  const auto refusal = [](debugger which) {
    return failure_text(choose_debugger(which, false, installed({})), errc::not_found);
  };
  CHECK(contains(refusal(debugger::gdbserver), "Debian's package gdbserver"));
  CHECK(contains(refusal(debugger::lldb_server), "Debian's package lldb"));
  CHECK(contains(refusal(debugger::dlv), "Debian's package delve"));
}

TEST_CASE("a debugger that was asked for is taken whatever the bootstrap is, and wait needs none") {
  for (const debugger each : {debugger::gdbserver, debugger::lldb_server, debugger::dlv}) {
    const auto chosen = choose_debugger(each, false, installed({"gdbserver", "lldb-server", "dlv"}));
    REQUIRE(succeeds(chosen));
    CHECK(chosen->with == each);
    CHECK(chosen->program == "/usr/bin/" + std::string(name_of(each)));
    CHECK(chosen->why_not.empty());
  }
  const auto waiting = choose_debugger(debugger::wait, true, installed({}));
  REQUIRE(succeeds(waiting));
  CHECK(waiting->with == debugger::wait);
  CHECK(waiting->why_not.empty());
}

TEST_CASE("programs are looked for in the folders of PATH, the first that may be executed") {
  temporary_folder folder;
  folder.write("one/tool", "", 0644);
  const std::string tool = folder.write("two/tool", "", 0755);
  folder.write("three/tool", "", 0755);
  folder.write("four/tool/inside", "", 0755);
  CHECK(find_program("tool", folder / "one:" + folder / "four:" + folder / "two:" + folder / "three") == tool);
  CHECK(find_program("tool", ":relative::" + folder / "two") == tool);
  CHECK(find_program("tool", folder / "one").empty());
  CHECK(find_program("tool", "").empty());
}

TEST_CASE("a Go program is told by its sections") {
  temporary_folder folder;
  const std::string nul(1, '\0');
  const auto is_go = [&folder](const std::string& content) {
    return is_go_program(folder.write("program", content, 0755));
  };
  CHECK(is_go(program_with(nul + ".text" + nul + ".note.go.buildid" + nul)));
  CHECK(is_go(program_with(nul + ".go.buildinfo" + nul + ".text" + nul)));
  CHECK_FALSE(is_go(program_with(nul + ".text" + nul + ".go.buildinformation" + nul)));
  CHECK_FALSE(is_go(program_with("")));
  CHECK_FALSE(is_go("#!/bin/sh\n# .go.buildinfo\n"));
  CHECK_FALSE(is_go(""));
  CHECK_FALSE(is_go_program(folder / "absent"));
  const std::string whole = program_with(nul + ".go.buildinfo" + nul);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(is_go(whole.substr(0, size)));
  CHECK_FALSE(is_go_program("/proc/self/exe"));
}
