#include "lambda_runtime.hpp"

#include <cstdio>
#include <string>

namespace {

/// Answers with the event itself and what the function was told about the invocation. The event `null` is refused
/// and the event `"stream"` is answered piece by piece, to show what errors and streams look like.
lambda_runtime::result handle(const lambda_runtime::invocation& event) {
  static int served = 0;
  ++served;
  if (event.payload == "null")
    return lambda_runtime::result::failure("there is nothing to echo", "EmptyEvent");
  if (event.payload == "\"stream\"") {
    return lambda_runtime::result::stream(
        [](const lambda_runtime::write_piece& write) {
          for (int line = 1; line <= 3; ++line)
            write("line " + std::to_string(line) + "\n");
        },
        "text/plain");
  }
  std::printf("event of %zu bytes, %lld ms left\n", event.payload.size(),
              static_cast<long long>(event.time_left().count()));
  std::fflush(stdout);
  return lambda_runtime::result::success("{\"function\":" + lambda_runtime::json_string(event.invoked_function_arn) +
                                         ",\"served\":" + std::to_string(served) + ",\"event\":" + event.payload + "}");
}

}  // namespace

int main() {
  lambda_runtime::run_handler(handle);
}
