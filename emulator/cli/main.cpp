#include "emulator/cli/command_line.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

int main(int count, char** texts) {
  try {
    const std::vector<std::string> arguments(texts + (count > 0 ? 1 : 0), texts + count);
    return kelvin::run_command_line(arguments);
  } catch (const std::exception& caught) {
    constexpr int own_failure = 3;
    std::fprintf(stderr, "kelvin: error: %s\n", caught.what());
    return own_failure;
  }
}
