#include "emulator/function/bootstrap_check.hpp"

#include "emulator/function/elf_header.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace kelvin {
namespace {

/// Linux reads so much of a script to find its interpreter (BINPRM_BUF_SIZE).
constexpr std::size_t script_head_bytes = 256;

struct open_file {
  int descriptor;
  explicit open_file(const std::string& path) : descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() {
    if (descriptor >= 0)
      close(descriptor);
  }
};

failure not_runnable(std::string detail) {
  return fail(errc::not_executable, std::move(detail));
}

std::string mode_text(mode_t mode) {
  std::string text = "0000";
  for (int at = 3; at >= 0; --at, mode >>= 3)
    text[static_cast<std::size_t>(at)] = static_cast<char>('0' + (mode & 7));
  return text;
}

std::string build_hint(std::uint16_t machine) {
  return machine == EM_X86_64
             ? "for example GOARCH=amd64, cargo --target x86_64-unknown-linux-musl or a x86_64 compiler"
             : "for example GOARCH=arm64, cargo --target aarch64-unknown-linux-musl or an aarch64 compiler";
}

result<void> check_mode(const struct stat& status, const std::string& path, const std::string& shown, bool from_zip) {
  if (S_ISDIR(status.st_mode)) {
    return not_runnable(shown + " is a folder; it must be the file that Lambda starts");
  }
  if (!S_ISREG(status.st_mode))
    return not_runnable(shown + " is not a regular file");
  // Root may exec whatever has any execute bit, so access() alone answers for both.
  if (access(path.c_str(), X_OK) != 0) {
    const std::string mode = mode_text(status.st_mode);
    if (from_zip) {
      return not_runnable(shown + " is not executable (its mode in the zip is " + mode +
                          "); run `chmod +x` on it before zipping: `zip` on Linux and macOS keeps the mode, "
                          "packing on Windows loses it");
    }
    if ((status.st_mode & 0111) != 0) {
      return not_runnable(shown + " is not executable for this user, or lies on a file system mounted noexec (mode " +
                          mode + ")");
    }
    return not_runnable(shown + " is not executable (mode " + mode + "); run: chmod +x " + path);
  }
  if (status.st_size == 0)
    return not_runnable(shown + " is empty; did the build fail?");
  return {};
}

result<void> check_elf(const elf_header& header, const std::string& shown) {
  const std::string here = machine_name(this_machine());
  const std::string damaged = shown + " is a damaged or cut short ELF file; build or copy it again";
  if (header.machine == EM_NONE)
    return not_runnable(damaged);
  if (header.machine != this_machine()) {
    return not_runnable(shown + " is built for " + machine_name(header.machine) + ", this machine is " + here +
                        "; build it for " + here + ": " + build_hint(this_machine()));
  }
  if (!header.is_64_bit) {
    return not_runnable(shown + " is a 32-bit program, Lambda runs 64-bit ones; build it for " + here + ": " +
                        build_hint(this_machine()));
  }
  if (!header.is_complete)
    return not_runnable(damaged);
  if (header.type != ET_EXEC && header.type != ET_DYN) {
    return not_runnable(shown + " is an ELF object file or core, not a program; link it first");
  }
  if (!header.interpreter.empty() && access(header.interpreter.c_str(), F_OK) != 0) {
    return not_runnable(shown + " needs the loader " + header.interpreter +
                        ", which this machine has not; link it statically, or build it on a distribution with glibc");
  }
  return {};
}

result<void> check_script(std::string_view head, const std::string& shown) {
  std::string_view line = head.substr(0, head.find('\n'));
  if (!line.empty() && line.back() == '\r') {
    return not_runnable(shown +
                        ": its #! line ends as Windows lines do (\\r\\n), so Linux looks for an interpreter "
                        "with \\r in its name; convert the file with dos2unix or: sed -i 's/\\r$//' FILE");
  }
  line.remove_prefix(2);
  const auto begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return not_runnable(shown + ": its #! line names no interpreter; write a line such as #!/bin/sh");
  }
  line.remove_prefix(begin);
  const std::string interpreter(line.substr(0, line.find_first_of(" \t")));
  if (access(interpreter.c_str(), F_OK) != 0) {
    return not_runnable(shown + ": its interpreter " + interpreter + " (#! line) does not exist on this machine; " +
                        "install it, or name one that exists");
  }
  if (access(interpreter.c_str(), X_OK) != 0) {
    return not_runnable(shown + ": its interpreter " + interpreter + " (#! line) is not executable");
  }
  return {};
}

}  // namespace

result<void> check_bootstrap(const std::string& path, const std::string& shown, bool from_zip) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    const int error = errno;
    struct stat link;
    if (error == ENOENT && lstat(path.c_str(), &link) == 0) {
      return fail(errc::not_found, shown + " is a symbolic link to a file that does not exist");
    }
    return fail(error == ENOENT || error == ENOTDIR ? errc::not_found : errc::permission_denied,
                "cannot find " + shown + ": " + std::strerror(error));
  }
  if (auto mode = check_mode(status, path, shown, from_zip); !mode)
    return mode;
  const open_file file(path);
  std::array<char, script_head_bytes> buffer;
  const ssize_t count = file.descriptor < 0 ? -1 : pread(file.descriptor, buffer.data(), buffer.size(), 0);
  if (count < 0) {
    return fail(errc::permission_denied, "cannot read " + shown + ": " + std::strerror(errno) +
                                             "; give yourself read permission: chmod u+r " + path);
  }
  if (const auto header = read_elf_header(file.descriptor))
    return check_elf(*header, shown);
  const std::string_view head(buffer.data(), static_cast<std::size_t>(count));
  if (head.starts_with("#!"))
    return check_script(head, shown);
  if (head.find('\0') != std::string_view::npos) {
    return not_runnable(shown + " is neither a Linux program (ELF) nor a script; was it built for another system?");
  }
  return not_runnable(shown +
                      " is a text file without a #! line, which Linux cannot start; add a line such as "
                      "#!/bin/sh as its very first line");
}

}  // namespace kelvin
