#include "emulator/inspect/byte_text.hpp"
#include "emulator/inspect/findings.hpp"

#include "runtime-api/base/limits.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace kelvin::inspection {
namespace {

// AWS Lambda quotas: 50 MB zipped for a direct upload.
constexpr std::uint64_t direct_upload_bytes = 50u * 1024 * 1024;
constexpr mode_t others_read = 0004;
constexpr mode_t others_read_and_execute = 0005;

bool is_bundled_libc(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "libc.so.6" || name.starts_with("ld-linux-") || name == "libc-2.26.so" || name == "libc-2.34.so";
}

void judge_bootstrap(const code_facts& code, std::vector<finding>& found) {
  if (!code.bootstrap && code.problems.empty()) {
    std::string deeper;
    for (const auto& [path, file] : code.files) {
      if (deeper.empty() && path.ends_with("/bootstrap")) {
        deeper = "; there is " + path + ", which is too deep";
      }
    }
    found.push_back({severity::fails, "no-bootstrap", code.target,
                     "there is neither /var/task/bootstrap nor /opt/bootstrap" + deeper,
                     deeper.empty() ? "call the program `bootstrap` and put it at the top of the package"
                                    : "zip the folder's content, not the folder"});
  }
  if (code.bootstrap && code.bootstrap->kind == program_facts::kind_of::empty && code.problems.empty()) {
    found.push_back({severity::fails, "not-a-program", code.bootstrap->path, "it is empty", "did the build fail?"});
  }
  if (code.bootstrap && code.bootstrap->kind == program_facts::kind_of::unknown) {
    found.push_back({severity::fails, "not-a-program", code.bootstrap->path,
                     "it is neither a Linux program (ELF) nor a script with a #! line",
                     "build it for Linux, or begin the script with #!/bin/sh"});
  }
}

void judge_limits(const code_facts& code, std::vector<finding>& found) {
  if (code.unpacked_bytes > limits::zip_unpacked_bytes) {
    found.push_back({severity::fails, "package-too-large", code.target,
                     "it unpacks to " + byte_text(code.unpacked_bytes) + " with its layers; Lambda takes 250 MB",
                     "leave out what is not needed, strip what is built, or use a container image"});
  }
  if (code.zip_bytes > direct_upload_bytes) {
    found.push_back({severity::costs, "zip-needs-s3", code.target,
                     "the zip has " + byte_text(code.zip_bytes) + "; Lambda takes 50 MB in a direct upload",
                     "upload it through S3, as `sam deploy` does, or make it smaller"});
  }
}

}  // namespace

void judge_package(const code_facts& code, std::vector<finding>& found) {
  // The same damage shows wherever the file is read.
  std::set<std::string> told;
  for (const std::string& problem : code.problems) {
    if (told.insert(problem).second) {
      found.push_back({severity::fails, "damaged-package", code.target, problem, ""});
    }
  }
  judge_bootstrap(code, found);
  judge_limits(code, found);
  const auto libc =
      std::find_if(code.files.begin(), code.files.end(), [](const auto& each) { return is_bundled_libc(each.first); });
  if (libc != code.files.end()) {
    found.push_back({severity::costs, "bundled-libc", libc->first,
                     "the package brings its own C library; published cold starts of C++ are 63 ms with one, 16 ms "
                     "without",
                     "link statically, or build on the function's Amazon Linux and package without libc (NO_LIBC in "
                     "aws-lambda-cpp)"});
  }
  if (code.kind == package_kind::file && std::filesystem::path(code.target).filename() != "bootstrap") {
    found.push_back({severity::note, "other-name", code.target, "Lambda starts a file that is called `bootstrap`",
                     "rename it when you package it"});
  }
}

void judge_modes(const code_facts& code, std::vector<finding>& found) {
  const bool is_zip = code.kind == package_kind::zip;
  const std::string advice = is_zip ? "run `chmod 755` before zipping; packing on Windows loses modes"
                                    : "run `chmod 755` on it before zipping";
  std::string first;
  std::size_t unreadable = 0;
  for (const auto& [path, file] : code.files) {
    const bool is_bootstrap = code.bootstrap && code.bootstrap->path == path;
    if (!file.link_target.empty()) {
      continue;
    }
    if (is_bootstrap && (file.mode & others_read_and_execute) != others_read_and_execute) {
      const bool has_mode = file.mode != 0;
      std::array<char, 8> mode{};
      std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(file.mode & 07777));
      found.push_back({severity::fails, "not-executable", path,
                       has_mode ? std::string("its mode is ") + mode.data() +
                                      "; on AWS the function is another user, who could not read and execute it"
                                : "the zip has no modes, so it is not executable on AWS",
                       advice});
    } else if (!is_bootstrap && file.mode != 0 && (file.mode & others_read) == 0) {
      if (code.libraries.contains(path)) {
        found.push_back({severity::fails, "not-readable", path,
                         "on AWS the function is another user, who could not read this library",
                         "run `chmod a+r` on it before zipping"});
      } else {
        first = unreadable++ == 0 ? path : first;
      }
    }
  }
  if (unreadable > 0) {
    const std::string more = unreadable > 1 ? " and " + std::to_string(unreadable - 1) + " more" : "";
    found.push_back({severity::note, "not-readable", first,
                     "on AWS the function is another user, who could not read it" + more,
                     "run `chmod -R a+rX` on the folder before zipping"});
  }
}

void judge_script(const code_facts& code, const lambda_system& system, std::vector<finding>& found) {
  const program_facts& program = *code.bootstrap;
  if (program.kind != program_facts::kind_of::script) {
    return;
  }
  if (program.script_line.ends_with('\r')) {
    found.push_back({severity::fails, "script-line-ends", program.path,
                     "its #! line ends as Windows lines do (\\r\\n), so Linux looks for another interpreter",
                     "convert it with dos2unix or: sed -i 's/\\r$//' bootstrap"});
    return;
  }
  const auto word = [](std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::string_view first = line.substr(0, line.find_first_of(" \t"));
    line.remove_prefix(first.size());
    return std::string(first);
  };
  std::string_view line = program.script_line;
  std::string interpreter = word(line);
  if (interpreter.ends_with("/env")) {
    interpreter = "/usr/bin/" + word(line);
  }
  const bool is_known =
      std::find(system.interpreters.begin(), system.interpreters.end(), interpreter) != system.interpreters.end();
  if (!is_known && !code.files.contains(interpreter)) {
    found.push_back(
        {severity::fails, "interpreter-missing", program.path,
         "its #! line wants " + interpreter + ", which neither " + std::string(system.runtime) + " nor the package has",
         "write #!/bin/sh, or put the interpreter into the package or a layer"});
  }
  found.push_back({severity::costs, "shell-wrapper", program.path,
                   "the bootstrap is a script: its interpreter starts before your program does",
                   "let the program itself be `bootstrap`, where it is compiled"});
}

}  // namespace kelvin::inspection
