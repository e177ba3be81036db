#include "runtime-api/protocol/platform_error.hpp"

#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/protocol/json_text.hpp"

#include <array>
#include <cstdio>

namespace kelvin::protocol {
namespace {

/// Go's names of the Linux signals 1 to 15; for the others it prints `signal N`.
constexpr std::array<std::string_view, 16> signal_names{"",
                                                        "hangup",
                                                        "interrupt",
                                                        "quit",
                                                        "illegal instruction",
                                                        "trace/breakpoint trap",
                                                        "aborted",
                                                        "bus error",
                                                        "floating point exception",
                                                        "killed",
                                                        "user defined signal 1",
                                                        "segmentation fault",
                                                        "user defined signal 2",
                                                        "broken pipe",
                                                        "alarm clock",
                                                        "terminated"};

std::string signal_name(int number) {
  if (number > 0 && static_cast<std::size_t>(number) < signal_names.size()) {
    return std::string(signal_names[static_cast<std::size_t>(number)]);
  }
  return "signal " + std::to_string(number);
}

}  // namespace

std::string platform_message(const std::optional<request_id>& id, std::string_view message) {
  std::string text;
  if (id) {
    text.append("RequestId: ").append(id->text()).append(" ");
  }
  return text.append("Error: ").append(message);
}

payload platform_error(std::string_view error_type, const std::optional<request_id>& id, std::string_view message) {
  return payload(json_pair("errorType", error_type, "errorMessage", platform_message(id, message)));
}

std::string timeout_message(duration timeout) {
  std::array<char, 64> text{};
  const double seconds = std::chrono::duration<double>(timeout).count();
  const int size = std::snprintf(text.data(), text.size(), "Task timed out after %.2f seconds", seconds);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string exit_message(bool signaled, int value) {
  if (signaled) {
    return "Runtime exited with error: signal: " + signal_name(value);
  }
  if (value == 0) {
    return "Runtime exited without providing a reason";
  }
  return "Runtime exited with error: exit status " + std::to_string(value);
}

payload response_too_large_error(std::size_t limit_bytes) {
  const std::string message =
      "Response payload size exceeded maximum allowed payload size (" + std::to_string(limit_bytes) + " bytes).";
  return payload(json_pair("errorMessage", message, "errorType", error_types::function_response_size_too_large));
}

}  // namespace kelvin::protocol
