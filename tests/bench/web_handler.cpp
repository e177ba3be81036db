// The bootstrap behind a front door: answers with the body of the request it finds in its event, as that stands there
// (escapes and all, so that nothing is parsed), and with the event itself where there is no request in it.
#include "runtime_loop.hpp"

using namespace bench;

namespace {

constexpr std::string_view body_key = "\"body\":\"";
constexpr std::string_view answer_begin = R"({"statusCode":200,"headers":{"content-type":"application/json"},"body":")";
constexpr std::string_view answer_end = "\"}";

/// Whether an odd number of backslashes stands before that character.
bool is_escaped(std::string_view text, std::size_t position) {
  std::size_t first = position;
  while (first > 0 && text[first - 1] == '\\') {
    --first;
  }
  return (position - first) % 2 == 1;
}

/// The characters of the event's body, still escaped; empty if there is none.
std::string_view body_of(std::string_view event) {
  const std::size_t key = event.find(body_key);
  if (key == std::string_view::npos)
    return {};
  const std::size_t begin = key + body_key.size();
  // From quote to quote: a search of every character for either of two would cost the function more than its door.
  std::size_t end = event.find('"', begin);
  while (end != std::string_view::npos && is_escaped(event, end)) {
    end = event.find('"', end + 1);
  }
  return event.substr(begin, end - begin);
}

}  // namespace

int main() {
  std::string answer;
  serve_events("bench-web-handler", [&answer](bench_event& event) {
    const std::string_view body = body_of(event.body);
    if (body.empty()) {
      answer.assign(event.body);
    } else {
      answer.assign(answer_begin).append(body).append(answer_end);
    }
    event.answer_head.append("Content-Type: application/json\r\nContent-Length: ");
    event.answer_head.append(std::to_string(answer.size())).append("\r\n\r\n");
    return write_whole(event.connection, event.answer_head, answer);
  });
}
