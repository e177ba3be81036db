#include "emulator/inspect/findings.hpp"

#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

#include <elf.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>

using namespace kelvin;
using namespace kelvin::inspection;
using kelvin::test::contains;

namespace {

constexpr const char* bootstrap = "/var/task/bootstrap";

const lambda_system& al2() {
  return *find_system("provided.al2");
}

const lambda_system& al2023() {
  return *find_system("provided.al2023");
}

elf_facts good_elf() {
  elf_facts elf;
  elf.is_64_bit = elf.is_little_endian = elf.is_whole = true;
  elf.type = ET_DYN;
  elf.machine = EM_X86_64;
  elf.interpreter = "/lib64/ld-linux-x86-64.so.2";
  elf.needed = {"libc.so.6"};
  elf.versions = {{"libc.so.6", "GLIBC_2.17"}};
  return elf;
}

/// A folder of one program, with which nothing is wrong.
code_facts good_code() {
  code_facts code;
  code.target = "code";
  code.unpacked_bytes = 1000;
  code.files[bootstrap] = {1000, S_IFREG | 0755, EM_X86_64, ""};
  code.bootstrap = program_facts{bootstrap, program_facts::kind_of::elf, good_elf(), ""};
  return code;
}

code_facts script(const std::string& line) {
  code_facts code = good_code();
  code.files[bootstrap].machine = EM_NONE;
  code.bootstrap = program_facts{bootstrap, program_facts::kind_of::script, std::nullopt, line};
  return code;
}

code_facts with_elf(const std::function<void(elf_facts&)>& change) {
  code_facts code = good_code();
  change(*code.bootstrap->elf);
  return code;
}

const finding* find(const std::vector<finding>& found, std::string_view id) {
  const auto at = std::find_if(found.begin(), found.end(), [&](const finding& each) { return each.id == id; });
  return at == found.end() ? nullptr : &*at;
}

/// The one finding of the code, which is of that kind and says all the parts.
void expect_only(const code_facts& code, const lambda_system& system, severity severity, std::string_view id,
                 std::initializer_list<const char*> parts) {
  CAPTURE(id);
  const auto found = findings_of(code, system, EM_X86_64);
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == id);
  CHECK(found[0].severity == severity);
  CHECK(any_fails(found) == (severity == severity::fails));
  for (const char* part : parts) {
    CAPTURE(part);
    CHECK(contains(found[0].where + ": " + found[0].what + " -> " + found[0].advice, part));
  }
}

}  // namespace

TEST_CASE("findings: nothing is said of a good program") {
  CHECK(findings_of(good_code(), al2(), EM_X86_64).empty());
  CHECK(findings_of(good_code(), al2023(), EM_X86_64).empty());
}

TEST_CASE("findings: architecture, class, wholeness, kind and loader") {
  expect_only(with_elf([](auto& elf) { elf.machine = EM_AARCH64; }), al2023(), severity::fails, "wrong-architecture",
              {bootstrap, "built for arm64", "x86_64"});
  expect_only(with_elf([](auto& elf) { elf.machine = EM_NONE; }), al2023(), severity::fails, "damaged-elf", {});
  expect_only(with_elf([](auto& elf) { elf.is_64_bit = false; }), al2023(), severity::fails, "not-64-bit", {});
  expect_only(with_elf([](auto& elf) { elf.is_whole = false; }), al2023(), severity::fails, "damaged-elf",
              {"cut short"});
  expect_only(with_elf([](auto& elf) { elf.type = ET_REL; }), al2023(), severity::fails, "not-a-program", {"link it"});
  expect_only(with_elf([](auto& elf) { elf.interpreter = "/lib/ld-musl-x86_64.so.1"; }), al2023(), severity::fails,
              "loader-missing", {"ld-musl", "statically"});
}

TEST_CASE("findings: glibc's newest symbol against 2.26 and 2.34") {
  const auto needs = [](const char* version) {
    return with_elf([&](auto& elf) { elf.versions.push_back({"libc.so.6", version}); });
  };
  CHECK(findings_of(needs("GLIBC_2.26"), al2(), EM_X86_64).empty());
  expect_only(needs("GLIBC_2.27"), al2(), severity::fails, "glibc-too-new",
              {"GLIBC_2.27", "2.26", "provided.al2023 would do"});
  CHECK(findings_of(needs("GLIBC_2.34"), al2023(), EM_X86_64).empty());
  expect_only(needs("GLIBC_2.35"), al2023(), severity::fails, "glibc-too-new", {"GLIBC_2.35", "2.34"});
  expect_only(needs("GLIBC_2.100"), al2023(), severity::fails, "glibc-too-new", {});
  expect_only(needs("GLIBC_ABI_DT_RELR"), al2023(), severity::fails, "glibc-too-new", {"2.36"});
  CHECK(findings_of(needs("GLIBC_2.2.5"), al2(), EM_X86_64).empty());
}

TEST_CASE("findings: libstdc++'s newest symbol") {
  const auto needs = [](const char* version) {
    return with_elf([&](auto& elf) {
      elf.needed.push_back("libstdc++.so.6");
      elf.versions.push_back({"libstdc++.so.6", version});
    });
  };
  CHECK(findings_of(needs("GLIBCXX_3.4.24"), al2(), EM_X86_64).empty());
  expect_only(needs("GLIBCXX_3.4.25"), al2(), severity::fails, "libstdc++-too-new",
              {"GLIBCXX_3.4.25", "3.4.24", "-static-libstdc++"});
  expect_only(needs("CXXABI_1.3.12"), al2(), severity::fails, "libstdc++-too-new", {"CXXABI_1.3.12", "1.3.11"});
  CHECK(findings_of(needs("GLIBCXX_3.4.29"), al2023(), EM_X86_64).empty());
  expect_only(needs("GLIBCXX_3.4.30"), al2023(), severity::note, "libstdc++-newer", {"2023.7"});
  expect_only(needs("GLIBCXX_3.4.34"), al2023(), severity::fails, "libstdc++-too-new", {"3.4.33"});

  // AWS's library path begins with /lib64: only DT_RPATH puts a library of the package before the system's.
  code_facts bundled = needs("GLIBCXX_3.4.34");
  bundled.files["/var/task/lib/libstdc++.so.6"] = {1000, S_IFREG | 0755, EM_X86_64, ""};
  bundled.libraries["/var/task/lib/libstdc++.so.6"] = good_elf();
  CHECK(find(findings_of(bundled, al2023(), EM_X86_64), "libstdc++-too-new") != nullptr);
  bundled.bootstrap->elf->rpath = {"$ORIGIN/lib"};
  CHECK(findings_of(bundled, al2023(), EM_X86_64).empty());
  bundled.bootstrap->elf->runpath = {"$ORIGIN/lib"};
  CHECK(find(findings_of(bundled, al2023(), EM_X86_64), "libstdc++-too-new") != nullptr);
}

TEST_CASE("findings: libraries of the system and of the package") {
  const auto needs = [](const char* name) { return with_elf([&](auto& elf) { elf.needed.push_back(name); }); };
  expect_only(needs("libpq.so.5"), al2023(), severity::fails, "library-missing", {"libpq.so.5", "layer"});
  CHECK(findings_of(needs("libcurl.so.4"), al2023(), EM_X86_64).empty());
  expect_only(needs("libcurl.so.4"), al2(), severity::fails, "library-missing", {"libcurl.so.4", "provided.al2"});
  for (const char* place : {"/var/task/libpq.so.5", "/var/task/lib/libpq.so.5", "/opt/lib/libpq.so.5"}) {
    CAPTURE(place);
    code_facts code = needs("libpq.so.5");
    code.files[place] = {10, S_IFREG | 0644, EM_X86_64, ""};
    code.libraries[place] = good_elf();
    CHECK(findings_of(code, al2023(), EM_X86_64).empty());
    code.libraries[place].versions = {{"libc.so.6", "GLIBC_2.38"}};
    const auto found = findings_of(code, al2023(), EM_X86_64);
    REQUIRE(found.size() == 1);
    CHECK(found[0].where == place);
    CHECK(found[0].id == "glibc-too-new");
  }
  code_facts elsewhere = needs("libpq.so.5");
  elsewhere.files["/var/task/deep/libpq.so.5"] = {10, S_IFREG | 0644, EM_X86_64, ""};
  CHECK(find(findings_of(elsewhere, al2023(), EM_X86_64), "library-missing") != nullptr);
  elsewhere.bootstrap->elf->runpath = {"${ORIGIN}/deep"};
  CHECK(find(findings_of(elsewhere, al2023(), EM_X86_64), "library-missing") == nullptr);

  code_facts linked = needs("libpq.so.5");
  linked.files["/var/task/lib/libpq.so.5"] = {10, S_IFLNK | 0777, EM_NONE, "libpq.so.5.16"};
  expect_only(linked, al2023(), severity::fails, "library-missing", {"symbolic link"});
}

TEST_CASE("findings: debug information, symbol tables") {
  expect_only(with_elf([](auto& elf) {
                elf.debug_bytes = 3 * 1024 * 1024;
                elf.symbol_table_bytes = 10;
              }),
              al2023(), severity::costs, "debug-information", {"3.0 MB", "strip"});
  expect_only(with_elf([](auto& elf) { elf.symbol_table_bytes = 2048; }), al2023(), severity::costs, "not-stripped",
              {"2.0 KB", "strip"});
  expect_only(with_elf([](auto& elf) {
                elf.symbol_table_bytes = 2048;
                elf.languages = {"Go"};
              }),
              al2023(), severity::costs, "not-stripped", {"-ldflags=-s"});
}

TEST_CASE("findings: modes that another user could not use") {
  code_facts code = good_code();
  code.kind = package_kind::zip;
  code.files[bootstrap].mode = S_IFREG | 0700;
  expect_only(code, al2023(), severity::fails, "not-executable", {"0700", "chmod 755"});
  code.files[bootstrap].mode = 0;
  expect_only(code, al2023(), severity::fails, "not-executable", {"no modes", "Windows"});
  code.files[bootstrap].mode = S_IFREG | 0755;
  code.files["/var/task/data"] = {10, S_IFREG | 0600, EM_NONE, ""};
  expect_only(code, al2023(), severity::note, "not-readable", {"/var/task/data"});
  code.files["/var/task/data2"] = {10, S_IFREG | 0600, EM_NONE, ""};
  expect_only(code, al2023(), severity::note, "not-readable", {"and 1 more"});
}

TEST_CASE("findings: the package's limits, damage and what is not there") {
  code_facts code = good_code();
  code.unpacked_bytes = 250u * 1024 * 1024;
  code.zip_bytes = 50u * 1024 * 1024;
  CHECK(findings_of(code, al2023(), EM_X86_64).empty());
  ++code.zip_bytes;
  expect_only(code, al2023(), severity::costs, "zip-needs-s3", {"50 MB", "S3"});
  code.zip_bytes = 0;
  ++code.unpacked_bytes;
  expect_only(code, al2023(), severity::fails, "package-too-large", {"250 MB"});

  code_facts none;
  none.target = "code";
  expect_only(none, al2023(), severity::fails, "no-bootstrap", {"/var/task/bootstrap", "/opt/bootstrap"});
  none.files["/var/task/code/bootstrap"] = {10, S_IFREG | 0755, EM_NONE, ""};
  expect_only(none, al2023(), severity::fails, "no-bootstrap", {"too deep", "zip the folder's content"});
  none.problems = {"code: it is damaged"};
  expect_only(none, al2023(), severity::fails, "damaged-package", {"it is damaged"});

  code_facts file = good_code();
  file.kind = package_kind::file;
  file.target = "target/release/hello";
  expect_only(file, al2023(), severity::note, "other-name", {"bootstrap"});
  for (const auto kind : {program_facts::kind_of::empty, program_facts::kind_of::unknown}) {
    code_facts odd = good_code();
    odd.bootstrap = program_facts{bootstrap, kind, std::nullopt, ""};
    expect_only(odd, al2023(), severity::fails, "not-a-program", {bootstrap});
  }
}

TEST_CASE("findings: scripts and their interpreters") {
  for (const char* line : {"/bin/sh", " /bin/bash -e", "/usr/bin/env bash"}) {
    expect_only(script(line), al2023(), severity::costs, "shell-wrapper", {bootstrap, "script"});
  }
  expect_only(script("/bin/sh\r"), al2023(), severity::fails, "script-line-ends", {"dos2unix"});
  for (const char* line : {"/usr/bin/python3", "/usr/bin/env python3", "", " "}) {
    CAPTURE(line);
    const auto found = findings_of(script(line), al2023(), EM_X86_64);
    CHECK(found.size() == 2);
    CHECK(found[0].id == "interpreter-missing");
    CHECK(found[1].id == "shell-wrapper");
  }
  code_facts own = script("/opt/bin/python3");
  own.files["/opt/bin/python3"] = {10, S_IFREG | 0755, EM_X86_64, ""};
  expect_only(own, al2023(), severity::costs, "shell-wrapper", {});
}

TEST_CASE("findings: a C library in the package, and files of another architecture") {
  code_facts code = good_code();
  code.files["/var/task/lib/libc.so.6"] = {10, S_IFREG | 0755, EM_X86_64, ""};
  expect_only(code, al2023(), severity::costs, "bundled-libc", {"/var/task/lib/libc.so.6", "NO_LIBC"});

  code_facts other = good_code();
  other.files["/var/task/addon.node"] = {10, S_IFREG | 0755, EM_AARCH64, ""};
  expect_only(other, al2023(), severity::note, "other-architecture", {"addon.node", "arm64"});
  code_facts wrapped = script("/bin/sh");
  wrapped.files["/var/task/bin/app"] = {10, S_IFREG | 0755, EM_AARCH64, ""};
  CHECK(find(findings_of(wrapped, al2023(), EM_X86_64), "wrong-architecture") != nullptr);
  wrapped.files["/var/task/bin/other"] = {10, S_IFREG | 0755, EM_X86_64, ""};
  CHECK(find(findings_of(wrapped, al2023(), EM_X86_64), "wrong-architecture") == nullptr);
}

TEST_CASE("findings: what fails comes first") {
  const auto found = findings_of(with_elf([](auto& elf) {
                                   elf.debug_bytes = 10;
                                   elf.needed.push_back("libnone.so.1");
                                 }),
                                 al2023(), EM_X86_64);
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == severity::fails);
  CHECK(found[1].severity == severity::costs);
}
