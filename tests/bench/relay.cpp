// The floor that kelvin is compared to: one thread, one epoll, two hops. Callers POST invocations on one port;
// handlers, started from here, park `next` on another. No log, no limit, no JSON, no deadline, no restart.
//
//   bench_relay --handler FILE [--environments N] [--port P]
//
// Prints {"port":P} on its standard output once every handler waits for its first event.
#include "relay_connection.hpp"
#include "sockets.hpp"

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include <array>
#include <csignal>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

using namespace bench;

namespace {

constexpr std::string_view accepted =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";
constexpr std::string_view not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view bad_gateway = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

/// Request ids are UUIDs whose last 12 digits number the invocation.
constexpr std::string_view id_prefix = "00000000-0000-4000-8000-";
constexpr std::string_view invocation_path = "/2018-06-01/runtime/invocation/";

class relay {
 public:
  relay(std::uint16_t port, std::size_t environments)
      : epoll_(epoll_create1(EPOLL_CLOEXEC)),
        callers_(listen_on_loopback(port, SOCK_NONBLOCK)),
        runtimes_(listen_on_loopback(0, SOCK_NONBLOCK)),
        environments_(environments) {
    watch(callers_);
    watch(runtimes_);
  }

  std::uint16_t runtime_port() const { return port_of(runtimes_); }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    while (true) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        if (event.data.ptr == &callers_) {
          accept_all(callers_, relay_connection::side::caller);
        } else if (event.data.ptr == &runtimes_) {
          accept_all(runtimes_, relay_connection::side::runtime);
        } else {
          serve(*static_cast<relay_connection*>(event.data.ptr), event.events);
        }
      }
      for (relay_connection* gone : ended_)
        connections_.erase(gone);
      ended_.clear();
    }
  }

 private:
  void watch(int& listening) {
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.ptr = &listening;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, listening, &interest);
  }

  void accept_all(int listening, relay_connection::side which) {
    while (true) {
      const int socket = accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0)
        return;
      auto connection = std::make_unique<relay_connection>(epoll_, socket, which);
      connections_.emplace(connection.get(), std::move(connection));
    }
  }

  void serve(relay_connection& connection, unsigned events) {
    if (connection.ended())
      return;
    if ((events & EPOLLOUT) != 0)
      connection.flush();
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
      if (connection.which() == relay_connection::side::caller && connection.invocation != 0) {
        connection.notice_close();
      } else if (connection.read_message() == relay_connection::reading::message) {
        connection.which() == relay_connection::side::caller ? on_request(connection) : on_runtime(connection);
      }
    }
    if (connection.ended())
      forget(connection);
  }

  void on_request(relay_connection& caller) {
    const std::string_view line = caller.head().substr(0, caller.head().find("\r\n"));
    if (!line.starts_with("POST /2015-03-31/functions/") || line.find("/invocations") == std::string_view::npos) {
      caller.finish_message();
      caller.send(not_found);
      return;
    }
    caller.invocation = ++last_invocation_;
    if (idle_.empty()) {
      waiting_.push_back(&caller);
      return;
    }
    relay_connection& runtime = *idle_.back();
    idle_.pop_back();
    dispatch(caller, runtime);
  }

  void dispatch(relay_connection& caller, relay_connection& runtime) {
    const std::int64_t deadline_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count() +
        3000;
    char head[640];
    const int size = std::snprintf(
        head, sizeof head,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: %.*s%012llx\r\n"
        "Lambda-Runtime-Deadline-Ms: %lld\r\n"
        "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:echo\r\n"
        "Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0\r\n"
        "Content-Length: %zu\r\n\r\n",
        static_cast<int>(id_prefix.size()), id_prefix.data(), static_cast<unsigned long long>(caller.invocation),
        static_cast<long long>(deadline_ms), caller.body().size());
    running_.emplace(caller.invocation, &caller);
    runtime.invocation = caller.invocation;
    runtime.forward({head, static_cast<std::size_t>(size)}, caller);
    caller.finish_message();
  }

  void on_runtime(relay_connection& runtime) {
    const std::string_view head = runtime.head();
    if (head.starts_with("GET /2018-06-01/runtime/invocation/next ")) {
      runtime.finish_message();
      on_next(runtime);
    } else if (head.starts_with("POST ") && head.substr(5).starts_with(invocation_path)) {
      on_answer(runtime, head.substr(5 + invocation_path.size()));
    } else {
      fail("a handler sent: " + std::string(head) + std::string(runtime.body()));
    }
  }

  void on_next(relay_connection& runtime) {
    if (!ready_ && idle_.size() + 1 == environments_) {
      ready_ = true;
      std::printf("{\"port\":%u}\n", port_of(callers_));
      std::fflush(stdout);
    }
    if (waiting_.empty()) {
      idle_.push_back(&runtime);
      return;
    }
    relay_connection& caller = *waiting_.front();
    waiting_.pop_front();
    dispatch(caller, runtime);
  }

  /// `path`: `{id}/response` or `{id}/error` and what follows.
  void on_answer(relay_connection& runtime, std::string_view path) {
    std::uint64_t invocation = 0;
    if (!path.starts_with(id_prefix))
      fail("a handler answered an id it was not given");
    const char* digits = path.data() + id_prefix.size();
    std::from_chars(digits, digits + 12, invocation, 16);
    const bool failed = path.substr(id_prefix.size() + 12).starts_with("/error");
    const auto found = running_.find(invocation);
    if (found == running_.end())
      fail("a handler answered an id that is not in progress");
    relay_connection* caller = found->second;
    running_.erase(found);
    if (caller != nullptr) {
      char head[320];
      const int size = std::snprintf(
          head, sizeof head,
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\n"
          "x-amzn-RequestId: %.*s%012llx\r\n%sContent-Length: %zu\r\n\r\n",
          static_cast<int>(id_prefix.size()), id_prefix.data(), static_cast<unsigned long long>(invocation),
          failed ? "X-Amz-Function-Error: Unhandled\r\n" : "", runtime.body().size());
      caller->invocation = 0;
      caller->forward({head, static_cast<std::size_t>(size)}, runtime);
      if (caller->ended())
        forget(*caller);
    }
    runtime.invocation = 0;
    runtime.finish_message();
    runtime.send(accepted);
  }

  void forget(relay_connection& connection) {
    if (connection.which() == relay_connection::side::caller) {
      std::erase(waiting_, &connection);
      const auto found = running_.find(connection.invocation);
      if (found != running_.end())
        found->second = nullptr;
    } else {
      std::erase(idle_, &connection);
      const auto found = running_.find(connection.invocation);
      if (found != running_.end() && found->second != nullptr) {
        found->second->invocation = 0;
        found->second->send(bad_gateway);
      }
      if (found != running_.end())
        running_.erase(found);
      if (--environments_ == 0)
        fail("every handler has ended");
    }
    connection.invocation = 0;
    ended_.push_back(&connection);
  }

  int epoll_;
  int callers_;
  int runtimes_;
  std::size_t environments_;
  bool ready_ = false;
  std::uint64_t last_invocation_ = 0;
  std::unordered_map<relay_connection*, std::unique_ptr<relay_connection>> connections_;
  std::unordered_map<std::uint64_t, relay_connection*> running_;  ///< nullptr: the caller has gone
  std::vector<relay_connection*> idle_;                           ///< most recently used last
  std::deque<relay_connection*> waiting_;                         ///< callers no handler was idle for
  std::vector<relay_connection*> ended_;
};

void start_handler(const std::string& handler, std::uint16_t runtime_port) {
  const std::string endpoint = "AWS_LAMBDA_RUNTIME_API=127.0.0.1:" + std::to_string(runtime_port);
  const char* const arguments[] = {handler.c_str(), nullptr};
  const char* const variables[] = {endpoint.c_str(),
                                   "AWS_LAMBDA_FUNCTION_NAME=echo",
                                   "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                                   "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
                                   "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/echo",
                                   "AWS_LAMBDA_LOG_STREAM_NAME=2026/01/01/[$LATEST]00000000000000000000000000000000",
                                   "AWS_REGION=us-east-1",
                                   "_HANDLER=bootstrap",
                                   "LANG=en_US.UTF-8",
                                   "TZ=:UTC",
                                   nullptr};
  const pid_t child = fork();
  if (child < 0)
    fail_errno("fork");
  if (child > 0)
    return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execve(handler.c_str(), const_cast<char* const*>(arguments), const_cast<char* const*>(variables));
  fail_errno("exec " + handler);
}

}  // namespace

int main(int count, char** arguments) {
  std::string handler;
  std::size_t environments = 1;
  std::uint16_t port = 0;
  for (int index = 1; index + 1 < count; index += 2) {
    const std::string_view name = arguments[index];
    if (name == "--handler")
      handler = arguments[index + 1];
    else if (name == "--environments")
      environments = static_cast<std::size_t>(std::atoi(arguments[index + 1]));
    else if (name == "--port")
      port = static_cast<std::uint16_t>(std::atoi(arguments[index + 1]));
    else
      fail("unknown option " + std::string(name));
  }
  if (handler.empty() || environments == 0 || count % 2 == 0) {
    fail("usage: bench_relay --handler FILE [--environments N] [--port P]");
  }
  // Large bodies come from the heap and stay there: mapping and unmapping 5 MB for each costs a page fault per
  // 4 KiB, which would make the floor higher than it is.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  signal(SIGCHLD, SIG_IGN);
  relay floor(port, environments);
  for (std::size_t index = 0; index < environments; ++index)
    start_handler(handler, floor.runtime_port());
  floor.run();
}
