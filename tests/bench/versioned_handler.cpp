// Answers with its version: eight digits that watch_measurements.py writes over those of the built file.
#include "runtime_loop.hpp"

using namespace bench;

namespace {

/// Volatile, since the file is changed behind the compiler.
const volatile char mark[] = "BENCH-VERSION=00000000";
constexpr std::size_t digits_at = 14;
constexpr std::size_t digit_count = 8;

}  // namespace

int main() {
  std::string version;
  for (std::size_t at = digits_at; at < digits_at + digit_count; ++at)
    version.push_back(mark[at]);
  serve_events("bench-versioned-handler", [&version](bench_event& event) {
    event.answer_head.append("Content-Type: application/json\r\nContent-Length: ");
    event.answer_head.append(std::to_string(version.size() + 2)).append("\r\n\r\n");
    return write_whole(event.connection, event.answer_head, "\"" + version + "\"");
  });
}
