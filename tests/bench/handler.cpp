// The echo bootstrap of the bench. The relay and kelvin are measured with this same program.
#include "runtime_loop.hpp"

using namespace bench;

int main() {
  serve_events("bench-handler", [](bench_event& event) {
    event.answer_head.append("Content-Type: application/json\r\nContent-Length: ");
    event.answer_head.append(std::to_string(event.body.size())).append("\r\n\r\n");
    return write_whole(event.connection, event.answer_head, event.body);
  });
}
