#pragma once

#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cstdio>
#include <string>

namespace kelvin::test {

struct captured_output {
  int code;
  std::string out;
  std::string error;
};

/// Calls `run`, which returns an exit code, with this process's stdout and stderr going to files.
template <class Run>
captured_output capture_output(Run run) {
  const temporary_folder folder;
  const auto redirect = [](const std::string& path, int descriptor) {
    const int kept = dup(descriptor);
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    dup2(file, descriptor);
    close(file);
    return kept;
  };
  const auto flush = [] {
    std::fflush(stdout);
    std::fflush(stderr);
  };
  flush();
  const int kept_out = redirect(folder / "out", STDOUT_FILENO);
  const int kept_error = redirect(folder / "error", STDERR_FILENO);
  const int code = run();
  flush();
  dup2(kept_out, STDOUT_FILENO);
  dup2(kept_error, STDERR_FILENO);
  close(kept_out);
  close(kept_error);
  return {code, read_file(folder / "out"), read_file(folder / "error")};
}

}  // namespace kelvin::test
