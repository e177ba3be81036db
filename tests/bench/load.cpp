// Closed-loop load: K keep-alive connections on one epoll thread, each sending its next request when the last one
// is answered. Prints one line of JSON: count, errors, seconds, requests_per_second and latencies in microseconds.
//
//   bench_load --port P (--count N | --duration-ms MS) [--connections K] [--body-bytes B] [--warmup N] [--cpu C]
//              [--path /2015-03-31/functions/NAME/invocations] [--echo no]
//
// An error is an answer other than 200, one with X-Amz-Function-Error, one whose body is not the request's (unless
// --echo no), or a connection that ended instead. The exit code is 0 as long as something could be measured.
#include "load_options.hpp"
#include "sockets.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

using namespace bench;

namespace {

constexpr std::int64_t answer_deadline_ns = 60'000'000'000;

struct client {
  int socket = -1;
  std::size_t sent = 0;
  std::int64_t begun_ns = 0;
  bool busy = false;
  byte_buffer input;
  message_extent extent;
};

class load {
 public:
  explicit load(const load_options& options)
      : options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)), body_(make_json_body(options.body_bytes)) {
    request_ = "POST " + options.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) +
               "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body_.size()) + "\r\n\r\n";
    request_ += body_;
    for (std::size_t index = 0; index < options.connections; ++index) {
      clients_.push_back(std::make_unique<client>());
      if (!open(*clients_.back()))
        fail_errno("connect to port " + std::to_string(options.port));
    }
  }

  void run() {
    if (options_.warmup_count > 0) {
      remaining_ = options_.warmup_count;
      loop();
    }
    latencies_ns_.clear();
    errors_ = 0;
    first_error_.clear();
    remaining_ = options_.count == 0 ? ~std::uint64_t{0} : options_.count;
    begun_ns_ = now_ns();
    stop_at_ns_ =
        options_.duration_ms == 0 ? 0 : begun_ns_ + static_cast<std::int64_t>(options_.duration_ms) * 1'000'000;
    loop();
    ended_ns_ = now_ns();
  }

  void print() {
    std::sort(latencies_ns_.begin(), latencies_ns_.end());
    const double seconds = static_cast<double>(ended_ns_ - begun_ns_) / 1e9;
    std::printf(
        "{\"count\":%zu,\"warmup\":%llu,\"errors\":%llu,\"first_error\":\"%s\",\"seconds\":%.6f,\"requests_per_"
        "second\":%.1f,"
        "\"min_us\":%.2f,\"p50_us\":%.2f,\"p90_us\":%.2f,\"p99_us\":%.2f,\"max_us\":%.2f}\n",
        latencies_ns_.size(), static_cast<unsigned long long>(options_.warmup_count),
        static_cast<unsigned long long>(errors_), first_error_.c_str(), seconds,
        static_cast<double>(latencies_ns_.size()) / seconds, quantile_us(0), quantile_us(0.5), quantile_us(0.9),
        quantile_us(0.99), quantile_us(1));
  }

 private:
  bool open(client& one) {
    one.socket = connect_to_loopback(options_.port);
    if (one.socket < 0)
      return false;
    fcntl(one.socket, F_SETFL, O_NONBLOCK);
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.ptr = &one;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, one.socket, &interest);
    return true;
  }

  void loop() {
    for (auto& one : clients_)
      begin_request(*one);
    std::array<epoll_event, 256> events;
    while (busy_ > 0) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 1000);
      for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        client& one = *static_cast<client*>(event.data.ptr);
        if ((event.events & EPOLLOUT) != 0)
          write_more(one);
        if (one.busy && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
          read_more(one);
      }
      if (count == 0)
        check_deadlines();
    }
  }

  void begin_request(client& one) {
    if (remaining_ == 0 || (stop_at_ns_ != 0 && now_ns() >= stop_at_ns_))
      return;
    if (one.socket < 0 && !open(one)) {
      note_error("connection refused");
      return;
    }
    --remaining_;
    ++busy_;
    one.busy = true;
    one.sent = 0;
    one.extent = {};
    one.begun_ns = now_ns();
    write_more(one);
  }

  void write_more(client& one) {
    const ssize_t count = send(one.socket, request_.data() + one.sent, request_.size() - one.sent, MSG_NOSIGNAL);
    const bool waited = one.sent != 0;
    if (count > 0)
      one.sent += static_cast<std::size_t>(count);
    const bool more = one.sent < request_.size();
    if (!more && !waited)
      return;
    epoll_event interest{};
    interest.events = EPOLLIN | (more ? static_cast<unsigned>(EPOLLOUT) : 0u);
    interest.data.ptr = &one;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, one.socket, &interest);
  }

  void read_more(client& one) {
    const bool head_known = one.extent.head_bytes != 0;
    one.input.reserve_room(head_known ? one.extent.head_bytes + one.extent.body_bytes - one.input.size() : 4096);
    const ssize_t count = recv(one.socket, one.input.end(), one.input.room(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    if (count <= 0) {
      drop(one, count == 0 ? "connection closed" : "connection reset");
      return;
    }
    one.input.commit(static_cast<std::size_t>(count));
    if (!head_known)
      one.extent = measure_message(one.input.view());
    if (!one.extent.understood) {
      drop(one, "an answer without Content-Length");
    } else if (one.extent.complete_in(one.input.size())) {
      finish(one);
    }
  }

  void finish(client& one) {
    const std::int64_t latency_ns = now_ns() - one.begun_ns;
    const std::string_view head = one.input.view().substr(0, one.extent.head_bytes);
    const std::string_view body = one.input.view().substr(one.extent.head_bytes);
    const int status = status_of(head);
    if (status != 200) {
      note_error("status " + std::to_string(status));
    } else if (find_header(head, "x-amz-function-error")) {
      note_error("function error");
    } else if (options_.echo && body != body_) {
      note_error("the answer is not the request's body");
    } else {
      latencies_ns_.push_back(latency_ns);
    }
    const auto connection = find_header(head, "connection");
    one.input.consume(one.input.size());
    --busy_;
    one.busy = false;
    if (connection && equal_ignoring_case(*connection, "close"))
      close_socket(one);
    begin_request(one);
  }

  void drop(client& one, const char* why) {
    note_error(why);
    --busy_;
    one.busy = false;
    one.input.consume(one.input.size());
    close_socket(one);
    begin_request(one);
  }

  void close_socket(client& one) {
    close(one.socket);
    one.socket = -1;
  }

  void check_deadlines() {
    const std::int64_t now = now_ns();
    for (auto& one : clients_) {
      if (one->busy && now - one->begun_ns > answer_deadline_ns)
        drop(*one, "no answer within 60 s");
    }
  }

  void note_error(const std::string& what) {
    ++errors_;
    if (first_error_.empty())
      first_error_ = what;
  }

  double quantile_us(double share) const {
    if (latencies_ns_.empty())
      return 0;
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(latencies_ns_.size() - 1) + 0.5);
    return static_cast<double>(latencies_ns_[rank]) / 1e3;
  }

  const load_options& options_;
  int epoll_;
  std::string body_;
  std::string request_;
  std::vector<std::unique_ptr<client>> clients_;
  std::vector<std::int64_t> latencies_ns_;
  std::uint64_t errors_ = 0;
  std::string first_error_;
  std::uint64_t remaining_ = 0;
  std::size_t busy_ = 0;
  std::int64_t begun_ns_ = 0;
  std::int64_t ended_ns_ = 0;
  std::int64_t stop_at_ns_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  const load_options options = parse_load_options(count, arguments);
  if (options.cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(options.cpu), &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
      fail_errno("--cpu");
  }
  load run(options);
  run.run();
  run.print();
}
