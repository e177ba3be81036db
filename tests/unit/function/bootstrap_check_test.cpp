#include "emulator/function/bootstrap_check.hpp"

#include "emulator/function/elf_header.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <elf.h>
#include <unistd.h>
#include <cstring>
#include <functional>
#include <vector>

using namespace kelvin;
using namespace kelvin::test;

namespace {

/// The smallest ELF file that names a loader.
std::string elf_file(
    const std::function<void(Elf64_Ehdr&)>& change = [](Elf64_Ehdr&) {}, const std::string& loader = "/bin/sh") {
  Elf64_Ehdr file{};
  std::memcpy(file.e_ident, ELFMAG, SELFMAG);
  file.e_ident[EI_CLASS] = ELFCLASS64;
  file.e_ident[EI_DATA] = ELFDATA2LSB;
  file.e_type = ET_DYN;
  file.e_machine = this_machine();
  file.e_phoff = sizeof file;
  file.e_phentsize = sizeof(Elf64_Phdr);
  file.e_phnum = 1;
  Elf64_Phdr segment{};
  segment.p_type = loader.empty() ? PT_LOAD : PT_INTERP;
  segment.p_offset = sizeof file + sizeof segment;
  segment.p_filesz = loader.size() + 1;
  change(file);
  std::string bytes(reinterpret_cast<const char*>(&file), sizeof file);
  bytes.append(reinterpret_cast<const char*>(&segment), sizeof segment);
  return bytes.append(loader).append(1, '\0');
}

struct bad_bootstrap {
  const char* what;
  std::string content;
  mode_t mode;
  const char* message;
};

const std::vector<bad_bootstrap>& bad_bootstraps() {
  static const std::vector<bad_bootstrap> all = {
      {"not executable", "#!/bin/sh\n", 0644, "is not executable (mode 0644); run: chmod +x "},
      {"empty", "", 0755, "is empty"},
      {"text", "echo hello\n", 0755, "add a line such as #!/bin/sh"},
      {"foreign binary", std::string("MZ\0\0", 4), 0755, "neither a Linux program (ELF) nor a script"},
      {"Windows lines", "#!/bin/sh\r\nexit\r\n", 0755, "ends as Windows lines do"},
      {"no interpreter", "#!\n", 0755, "names no interpreter"},
      {"blank interpreter", "#!  \t\n", 0755, "names no interpreter"},
      {"missing interpreter", "#! /no/such/shell -e\n", 0755,
       "its interpreter /no/such/shell (#! line) does not exist"},
      {"interpreter is data", "#!/etc/passwd\n", 0755, "its interpreter /etc/passwd (#! line) is not executable"},
      {"other machine", elf_file([](auto& file) { file.e_machine = EM_S390; }), 0755,
       "is built for s390x, this machine is "},
      {"32 bit x86", elf_file([](auto& file) {
         file.e_ident[EI_CLASS] = ELFCLASS32;
         file.e_machine = EM_386;
       }),
       0755, "is built for 32-bit x86"},
      {"32 bit of this machine", elf_file([](auto& file) { file.e_ident[EI_CLASS] = ELFCLASS32; }), 0755,
       "is a 32-bit program"},
      {"big endian", elf_file([](auto& file) {
         file.e_ident[EI_DATA] = ELFDATA2MSB;
         file.e_machine = static_cast<Elf64_Half>(EM_PPC64 << 8);
       }),
       0755, "is built for ppc64"},
      {"unknown machine", elf_file([](auto& file) { file.e_machine = 0x1234; }), 0755, "is built for machine 0x1234"},
      {"object file", elf_file([](auto& file) { file.e_type = ET_REL; }), 0755, "is an ELF object file"},
      {"no loader here", elf_file([](auto&) {}, "/lib/ld-musl-none.so.1"), 0755,
       "needs the loader /lib/ld-musl-none.so.1, which this machine has not"},
      {"magic only", ELFMAG, 0755, "cut short ELF file"},
      {"cut header", elf_file().substr(0, 40), 0755, "cut short ELF file"},
      {"cut program headers", elf_file().substr(0, 70), 0755, "cut short ELF file"},
      {"cut loader", elf_file().substr(0, 122), 0755, "cut short ELF file"},
  };
  return all;
}

}  // namespace

TEST_CASE("what Linux could not start is told apart") {
  temporary_folder folder;
  for (const auto& row : bad_bootstraps()) {
    CAPTURE(row.what);
    const auto path = folder.write("bootstrap", row.content, row.mode);
    const auto text = failure_text(check_bootstrap(path, "SHOWN", false), errc::not_executable);
    CHECK(contains(text, row.message));
    CHECK(contains(text, "SHOWN"));
  }
}

TEST_CASE("what can be started passes") {
  temporary_folder folder;
  const std::vector<std::string> good = {"#!/bin/sh\n", "#! /bin/sh -eu\n", "#!/bin/sh", elf_file(),
                                         elf_file([](auto& file) { file.e_type = ET_EXEC; }, "")};
  for (const auto& content : good) {
    const auto outcome = check_bootstrap(folder.write("bootstrap", content, 0755), "SHOWN", false);
    CHECK(succeeds(outcome));
  }
  CHECK(succeeds(check_bootstrap("/proc/self/exe", "SHOWN", false)));
}

TEST_CASE("the hint for another machine names this one") {
  temporary_folder folder;
  const std::uint16_t other = this_machine() == EM_X86_64 ? EM_AARCH64 : EM_X86_64;
  const auto path = folder.write("bootstrap", elf_file([&](auto& file) { file.e_machine = other; }), 0755);
  const auto text = failure_text(check_bootstrap(path, "SHOWN", false), errc::not_executable);
  CHECK(contains(text, "SHOWN is built for " + machine_name(other) + ", this machine is " +
                           machine_name(this_machine()) + "; build it for " + machine_name(this_machine())));
  CHECK(contains(text, this_machine() == EM_X86_64 ? "GOARCH=amd64" : "GOARCH=arm64"));
}

TEST_CASE("missing files, links to nowhere and folders") {
  temporary_folder folder;
  CHECK(contains(failure_text(check_bootstrap(folder / "none", "SHOWN", false), errc::not_found), "cannot find SHOWN"));
  REQUIRE(symlink("nowhere", (folder / "link").c_str()) == 0);
  CHECK(contains(failure_text(check_bootstrap(folder / "link", "SHOWN", false), errc::not_found), "symbolic link"));
  const auto inner = folder.make_folder("bootstrap");
  CHECK(contains(failure_text(check_bootstrap(inner, "SHOWN", false), errc::not_executable), "SHOWN is a folder"));
  const auto pipe = folder / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0755) == 0);
  CHECK(contains(failure_text(check_bootstrap(pipe, "SHOWN", false), errc::not_executable), "not a regular file"));
}

TEST_CASE("in a zip the mode of the zip is what counts") {
  temporary_folder folder;
  const auto path = folder.write("bootstrap", "#!/bin/sh\n", 0640);
  const auto text = failure_text(check_bootstrap(path, "SHOWN", true), errc::not_executable);
  CHECK(contains(text, "its mode in the zip is 0640"));
  CHECK(contains(text, "`zip` on Linux and macOS keeps the mode"));
}

TEST_CASE("a bootstrap that may be run but not read" * doctest::skip(geteuid() == 0)) {
  temporary_folder folder;
  const auto path = folder.write("bootstrap", "#!/bin/sh\n", 0311);
  CHECK(contains(failure_text(check_bootstrap(path, "SHOWN", false), errc::permission_denied), "chmod u+r"));
}
