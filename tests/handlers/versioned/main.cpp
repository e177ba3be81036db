// Answers with its version: a number that the tests write over the mark in the built file, so that one build makes any
// number of versions. ../README.md says what the mark's mode and an event do.
#include "examples/cpp-echo/lambda_runtime.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>

namespace {

using lambda_runtime::invocation;
using lambda_runtime::result;

/// Eight digits of the version, eight characters of the mode; volatile, since the file is changed behind the compiler.
const volatile char mark[] = "VERSION=00000000,MODE=run     ";
constexpr std::size_t version_at = 8;
constexpr std::size_t mode_at = 22;
constexpr std::size_t field_size = 8;

std::string marked(std::size_t at) {
  std::string text;
  for (std::size_t position = at; position < at + field_size; ++position)
    text.push_back(mark[position]);
  return text.substr(0, text.find(' '));
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Where a layer's bin folder has this file; empty if none does.
std::string in_layer(const std::string& name) {
  std::istringstream folders(std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (std::string path = folder + "/" + name; ::access(path.c_str(), F_OK) == 0)
      return path;
  }
  return {};
}

/// Until a layer has the file; at most a minute, so that nothing hangs on a test that has failed.
void wait_for(const std::string& name) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (in_layer(name).empty() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

result handle(const invocation& event) {
  if (event.payload.find("hold") != std::string::npos)
    wait_for(".release");
  return result::success(
      "{\"version\":" + std::to_string(std::stoul(marked(version_at))) + ",\"pid\":" + std::to_string(::getpid()) +
      ",\"remaining_ms\":" + std::to_string(event.time_left().count()) + ",\"other\":" +
      lambda_runtime::json_string(content(std::string(std::getenv("LAMBDA_TASK_ROOT")) + "/other.txt")) +
      ",\"layer\":" + lambda_runtime::json_string(content(in_layer("layer.txt"))) + "}");
}

}  // namespace

int main() {
  const std::string mode = marked(mode_at);
  if (mode == "crash")
    return 1;
  if (mode == "gated")
    wait_for(".open");
  lambda_runtime::run_handler(handle);
}
