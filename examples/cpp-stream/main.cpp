#include "lambda_http.hpp"

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

/// Counts down from the number in the query's `from`; each line is sent as soon as it is written.
lambda_runtime::result handle(const lambda_runtime::invocation& event) {
  const lambda_http::request asked = lambda_http::to_request(event.payload);
  const int from = std::atoi(lambda_http::request::value_or(asked.query, "from", "3").c_str());
  lambda_http::response head;
  if (from < 1 || from > 10) {
    head.status = 400;
    return lambda_http::stream(head, [](const auto& write) { write("{\"message\":\"from is 1 to 10\"}"); });
  }
  head.headers["content-type"] = "text/plain; charset=utf-8";
  return lambda_http::stream(head, [from](const lambda_runtime::write_piece& write) {
    for (int count = from; count > 0; --count) {
      write(std::to_string(count) + "\n");
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    write("lift-off\n");
  });
}

}  // namespace

int main() {
  lambda_runtime::run_handler(handle);
}
