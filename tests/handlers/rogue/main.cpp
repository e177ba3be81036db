// A runtime that misbehaves, over raw sockets, as the variable MODE says; ../README.md lists the modes.
//
// Except in the modes that spoil every invocation by design, only an event that contains "rogue" is spoiled: any other
// one is echoed, so that a test sees whether the next invocation is answered well.
#include "limits.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

namespace {

class connection {
 public:
  connection() {
    const std::string endpoint = std::getenv("AWS_LAMBDA_RUNTIME_API");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<unsigned short>(std::atoi(endpoint.c_str() + endpoint.find(':') + 1)));
    ::inet_pton(AF_INET, endpoint.substr(0, endpoint.find(':')).c_str(), &address.sin_addr);
    host_ = endpoint;
    descriptor_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      std::_Exit(99);
  }
  ~connection() { ::close(descriptor_); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  void send(const std::string& bytes) const {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t sent = ::send(descriptor_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (sent <= 0)
        return;
      at += static_cast<std::size_t>(sent);
    }
  }

  /// Head and body of one answer, or nothing if the other side closed.
  std::string receive() {
    std::string bytes;
    std::size_t wanted = std::string::npos;
    while (wanted == std::string::npos || bytes.size() < wanted) {
      char block[65536];
      const ssize_t size = ::recv(descriptor_, block, sizeof block, 0);
      if (size <= 0)
        return {};
      bytes.append(block, static_cast<std::size_t>(size));
      const std::size_t end = bytes.find("\r\n\r\n");
      const std::size_t length = bytes.find("Content-Length: ");
      if (end != std::string::npos && wanted == std::string::npos) {
        wanted = end + 4 + (length < end ? std::strtoul(bytes.c_str() + length + 16, nullptr, 10) : 0);
      }
    }
    return bytes;
  }

  /// Waits until something comes here or there; true: here.
  bool is_answered_before(const connection& other) const {
    pollfd both[] = {{descriptor_, POLLIN, 0}, {other.descriptor_, POLLIN, 0}};
    ::poll(both, 2, -1);
    return both[0].revents != 0;
  }

  void send_get(const std::string& path, const std::string& headers = "") const {
    send("GET /2018-06-01/runtime/" + path + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + headers + "\r\n");
  }
  void send_post(const std::string& path, const std::string& body, const std::string& headers = "") const {
    send("POST /2018-06-01/runtime/" + path + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// Posts and prints the status line that came back, for the test to read in the log.
  void post(const std::string& path, const std::string& body, const std::string& headers = "") {
    send_post(path, body, headers);
    report();
  }
  void report() {
    const std::string answer = receive();
    const std::size_t head = answer.find("\r\n\r\n");
    std::string body = head == std::string::npos ? "" : answer.substr(head + 4);
    while (!body.empty() && body.back() == '\n')
      body.pop_back();
    std::printf("runtime api: %s %s\n", answer.substr(0, answer.find("\r\n")).c_str(), body.c_str());
    std::fflush(stdout);
  }

 private:
  std::string host_;
  int descriptor_;
};

struct event {
  std::string id;
  std::string body;
  bool spoil() const { return body.find("rogue") != std::string::npos; }
  std::string path(const char* what) const { return "invocation/" + id + "/" + what; }
};

event parse(const std::string& answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  if (head == std::string::npos)
    std::_Exit(98);
  const std::string name = "Lambda-Runtime-Aws-Request-Id: ";
  const std::size_t id = answer.find(name) + name.size();
  return {answer.substr(id, answer.find("\r\n", id) - id), answer.substr(head + 4)};
}

event next(connection& api) {
  api.send_get("invocation/next");
  return parse(api.receive());
}

[[noreturn]] void wait_for_ever() {
  for (;;)
    ::pause();
}

void leave_daemon() {
  if (::fork() != 0)
    return;
  ::setsid();
  if (::fork() != 0)
    std::_Exit(0);
  for (int number = 1; number < 32; ++number)
    std::signal(number, SIG_IGN);
  wait_for_ever();
}

[[noreturn]] void flood_for_ever() {
  const std::string line = std::string(1023, 'f') + "\n";
  for (;;)
    std::fwrite(line.data(), 1, line.size(), stdout);
}

using spoiler = std::function<void(connection&, const event&)>;

const std::string streaming = "Lambda-Runtime-Function-Response-Mode: streaming\r\n";

using spoilers = std::map<std::string, spoiler>;

// What each mode does with an event that asks for it. Behind it the loop calls `next` again.

/// Calls in an order that the Runtime API does not allow.
const spoilers& wrong_calls() {
  static const spoilers all = {
      {"second_response",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"first\"");
         api.post(now.path("response"), "\"second\"");
       }},
      {"error_after_response",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"first\"");
         api.post(now.path("error"), R"({"errorMessage":"late","errorType":"Late"})");
       }},
      {"wrong_id",
       [](connection& api, const event& now) {
         api.post("invocation/00000000-0000-4000-8000-000000000000/response", "\"stranger\"");
         api.post(now.path("response"), "\"right id\"");
       }},
      {"late_response",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"in time\"");
         const event second = next(api);
         api.post(now.path("response"), "\"too late\"");
         api.post(second.path("response"), "\"second answer\"");
       }},
      {"init_error_late",
       [](connection& api, const event& now) {
         api.post("init/error", R"({"errorMessage":"late","errorType":"Late"})");
         api.post(now.path("response"), "\"answered\"");
       }},
      {"next_without_answer",
       [](connection& api, const event& now) {
         const event again = next(api);
         api.post(again.path("response"), again.id == now.id ? "\"same event\"" : "\"another event\"");
       }},
      {"double_next",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"before two nexts\"");
         connection other;
         api.send_get("invocation/next");
         other.send_get("invocation/next");
         // Refused, but its answer tells that both calls before it are parked.
         connection().post(now.path("response"), "\"late\"");
         // Which of them was parked first is the service's to know.
         const bool api_is_first = api.is_answered_before(other);
         connection& one = api_is_first ? api : other;
         connection& two = api_is_first ? other : api;
         const event first = parse(one.receive());
         one.post(first.path("response"), "\"one of two\"");
         const event second = parse(two.receive());
         two.post(second.path("response"), "\"two of two\"");
       }},
      {"next_then_leaves",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"answered\"");
         connection other;
         other.send_get("invocation/next");
         // Closing a parked `next` must not lose the event that comes.
       }},
  };
  return all;
}

/// Messages that are not what they should be.
const spoilers& wrong_messages() {
  static const spoilers all = {
      {"invalid_mode",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"x\"", "Lambda-Runtime-Function-Response-Mode: buffered\r\n");
       }},
      {"truncated_body",
       [](connection&, const event& now) {
         connection other;
         other.send("POST /2018-06-01/runtime/" + now.path("response") + " HTTP/1.1\r\nHost: " +
                    std::getenv("AWS_LAMBDA_RUNTIME_API") + "\r\nContent-Length: 100\r\n\r\n\"half");
       }},
      {"truncated_chunks",
       [](connection&, const event& now) {
         connection other;
         other.send("POST /2018-06-01/runtime/" + now.path("response") +
                    " HTTP/1.1\r\nHost: " + std::getenv("AWS_LAMBDA_RUNTIME_API") + "\r\n" + streaming +
                    "Transfer-Encoding: chunked\r\n\r\n5\r\n\"half\r\n");
       }},
      {"stream_trailers",
       [](connection& api, const event& now) {
         api.send("POST /2018-06-01/runtime/" + now.path("response") +
                  " HTTP/1.1\r\nHost: " + std::getenv("AWS_LAMBDA_RUNTIME_API") + "\r\n" + streaming +
                  "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
                  "Lambda-Runtime-Function-Error-Type: Runtime.MidStream\r\n"
                  "Lambda-Runtime-Function-Error-Body: "
                  "eyJlcnJvck1lc3NhZ2UiOiJicm9rZSIsImVycm9yVHlwZSI6Ik1pZFN0cmVhbSJ9\r\n\r\n");
         api.report();
       }},
      {"huge_headers",
       [](connection& api, const event& now) {
         api.post(now.path("error"), R"({"errorMessage":"long cause","errorType":"LongCause"})",
                  "Lambda-Runtime-Function-XRay-Error-Cause: " + std::string(1000 * 1000, 'c') + "\r\n");
       }},
      {"monstrous_headers",
       [](connection&, const event& now) {
         connection other;
         other.post(now.path("response"), "\"x\"", "X-Huge: " + std::string(8 * 1024 * 1024, 'h') + "\r\n");
         connection third;
         third.post(now.path("response"), "\"after\"");
       }},
      {"garbage",
       [](connection& api, const event& now) {
         connection other;
         other.send(std::string("\x16\x03\x01\x00\xff garbage\r\n\r\n\0\0", 20));
         other.report();
         api.post(now.path("response"), "\"survived\"");
       }},
      {"foreign_origin",
       [](connection& api, const event& now) {
         connection other;
         other.post(now.path("response"), "\"from a browser\"", "Origin: http://somewhere.example\r\n");
         api.post(now.path("response"), "\"from the runtime\"");
       }},
  };
  return all;
}

/// Ends and things left behind.
const spoilers& wrong_ends() {
  static const spoilers all = {
      {"answers_then_exits",
       [](connection& api, const event& now) {
         api.send_post(now.path("response"), "\"last words\"");
         api.report();
         std::_Exit(7);
       }},
      {"answers_then_flees",
       [](connection& api, const event& now) {
         // Ends without reading the 202: what was sent must still count.
         api.send_post(now.path("response"), "\"last words\"");
         std::_Exit(0);
       }},
      {"answers_then_hangs",
       [](connection& api, const event& now) {
         api.post(now.path("response"), "\"then nothing\"");
         wait_for_ever();
       }},
      {"never_answers", [](connection&, const event&) { wait_for_ever(); }},
      {"ignores_sigterm",
       [](connection&, const event&) {
         std::signal(SIGTERM, SIG_IGN);
         wait_for_ever();
       }},
      {"setsid_daemon",
       [](connection&, const event&) {
         leave_daemon();
         std::_Exit(5);
       }},
      {"floods", [](connection&, const event&) { flood_for_ever(); }},
      {"fork_bomb",
       [](connection&, const event&) {
         for (int child = 0; child < 200; ++child)
           leave_daemon();
         std::abort();
       }},
      {"closes_output",
       [](connection& api, const event& now) {
         ::close(1);
         ::close(2);
         api.send_post(now.path("response"), "\"silent\"");
         api.receive();
       }},
  };
  return all;
}

/// Modes that never serve well, chosen before the first `next`.
void spoil_init(const std::string& mode) {
  if (mode == "never_calls_next")
    wait_for_ever();
  if (mode == "response_before_next") {
    connection api;
    api.post("invocation/00000000-0000-4000-8000-000000000000/response", "\"early\"");
  }
  if (mode == "next_after_init_error") {
    connection api;
    api.post("init/error", R"({"errorMessage":"init refused","errorType":"Runtime.RogueInit"})");
    api.send_get("invocation/next");
    api.report();
    std::_Exit(6);
  }
  if (mode == "unknown_path") {
    connection api;
    api.send_get("nothing/here");
    api.report();
    api.post("invocation/next", "{}");
  }
}

}  // namespace

int main() {
  const char* variable = std::getenv("MODE");
  const std::string mode = variable == nullptr ? "" : variable;
  spoil_init(mode);
  if (std::getenv("BURN_IN_INIT") != nullptr)
    burn_in_init();
  if (mode == "reconnects") {
    for (;;) {
      event now;
      {
        connection for_next;
        now = next(for_next);
      }
      connection for_answer;
      for_answer.send_post(now.path("response"), now.body, "Connection: close\r\n");
      for_answer.receive();
    }
  }
  spoiler spoil;
  for (const spoilers* table : {&wrong_calls(), &wrong_messages(), &wrong_ends()}) {
    if (const auto found = table->find(mode); found != table->end())
      spoil = found->second;
  }
  if (const auto greedy = greedy_modes().find(mode); greedy != greedy_modes().end()) {
    spoil = [take = greedy->second](connection& to, const event& now) {
      to.send_post(now.path("response"), take(now.body));
      to.receive();
    };
  }
  connection api;
  for (;;) {
    const event now = next(api);
    if (now.spoil() && spoil) {
      spoil(api, now);
      continue;
    }
    api.send_post(now.path("response"), now.body);
    if (api.receive().empty())
      std::_Exit(97);
  }
}
