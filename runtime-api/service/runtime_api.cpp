#include "runtime-api/service/runtime_api.hpp"

#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/listener.hpp"
#include "runtime-api/http/text.hpp"
#include "runtime-api/protocol/error_types.hpp"
#include "runtime-api/service/answers.hpp"
#include "runtime-api/service/conversation.hpp"
#include "runtime-api/service/endpoints.hpp"
#include "runtime-api/service/runtime_api_ports.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <exception>
#include <utility>
#include <vector>

namespace kelvin::service {
namespace {

using namespace std::chrono_literals;
using endpoint_handler = awaitable<void> (*)(shared_conversation, http::exchange&, std::string_view);

/// `path` is followed by an id and `suffix` where there is a suffix, by anything if `open_ended`.
struct endpoint {
  http::method method;
  std::string_view path;
  std::string_view suffix;
  bool open_ended;
  endpoint_handler handle;
};

/// The whole API. restore/* and credentials are absent as on AWS without SnapStart.
constexpr std::array endpoints{
    endpoint{http::method::get, "/2018-06-01/runtime/invocation/next", "", false, next},
    endpoint{http::method::post, "/2018-06-01/runtime/invocation/", "/response", false, response},
    endpoint{http::method::post, "/2018-06-01/runtime/invocation/", "/error", false, invocation_error},
    endpoint{http::method::post, "/2018-06-01/runtime/init/error", "", false, init_error},
    endpoint{http::method::get, "/2018-06-01/ping", "", false, ping},
    endpoint{http::method::other, "/2020-01-01/extension/", "", true, extensions_api},
    endpoint{http::method::other, "/2022-07-01/telemetry", "", true, telemetry_api},
    endpoint{http::method::other, "/2020-08-15/logs", "", true, logs_api},
};

/// The id in the path, empty where the endpoint has none; nullopt if the path is not the endpoint's.
std::optional<std::string_view> match(const endpoint& at, std::string_view path) {
  if (!path.starts_with(at.path)) {
    return std::nullopt;
  }
  const std::string_view rest = path.substr(at.path.size());
  if (at.suffix.empty()) {
    return rest.empty() || at.open_ended ? std::optional<std::string_view>("") : std::nullopt;
  }
  if (rest.size() <= at.suffix.size() || !rest.ends_with(at.suffix)) {
    return std::nullopt;
  }
  const std::string_view id = rest.substr(0, rest.size() - at.suffix.size());
  return id.find('/') == std::string_view::npos ? std::optional(id) : std::nullopt;
}

awaitable<void> not_found(http::exchange& call) {
  co_await drain(call);
  co_await answer_text(call, 404, "404 page not found\n");
}

awaitable<void> method_not_allowed(http::exchange& call, http::method allowed) {
  co_await drain(call);
  http::response answer;
  answer.status = 405;
  answer.fields = allowed == http::method::get ? "Allow: GET\r\n" : "Allow: POST\r\n";
  co_await call.respond(std::move(answer));
}

awaitable<void> forbidden(http::exchange& call, std::string_view text) {
  co_await refuse(call, 403, protocol::error_types::forbidden_request, text);
}

/// Which hosts this API answers to, and whom it does not.
class gatekeeper {
 public:
  void guard(std::uint16_t port) {
    address_ = "127.0.0.1:" + std::to_string(port);
    name_ = "localhost:" + std::to_string(port);
  }

  const std::string& address() const noexcept { return address_; }

  /// Why the request is not answered, empty if it is. A page in a browser must not reach a function's
  /// process, neither directly nor through a name that resolves to this machine.
  std::string_view objection(const http::field_list& fields) const {
    for (std::size_t index = 0; index < fields.size(); ++index) {
      const auto [name, value] = fields.at(index);
      if (http::equal_ignoring_case(name, "origin") || http::equal_ignoring_case(name, "sec-fetch-site")) {
        return "The Runtime API does not answer browsers";
      }
      if (http::equal_ignoring_case(name, "host") && value != address_ && !http::equal_ignoring_case(value, name_)) {
        return "The Host header does not name this Runtime API; use AWS_LAMBDA_RUNTIME_API as it is";
      }
    }
    return {};
  }

 private:
  std::string address_;
  std::string name_;
};

/// No answer: the Runtime API is gone, and its sessions with it.
awaitable<void> abandon() {
  co_return;
}

/// Not a coroutine: `gate` is used before it returns.
awaitable<void> serve(const gatekeeper& gate, shared_conversation api, http::exchange& call) {
  if (api->is_closed()) {
    return abandon();
  }
  if (const std::string_view objection = gate.objection(call.head().fields); !objection.empty()) {
    return forbidden(call, objection);
  }
  const std::string_view path = call.head().path();
  std::optional<http::method> allowed;
  for (const endpoint& each : endpoints) {
    const auto id = match(each, path);
    if (!id) {
      continue;
    }
    if (each.method == call.head().method || each.open_ended) {
      return each.handle(std::move(api), call, *id);
    }
    allowed = each.method;
  }
  return allowed ? method_not_allowed(call, *allowed) : not_found(call);
}

void tell_exception(conversation& api, std::exception_ptr escaped) {
  try {
    std::rethrow_exception(std::move(escaped));
  } catch (const std::exception& what) {
    api.tell(std::string("a call to the Runtime API failed inside kelvin and was answered 500: ") + what.what());
  } catch (...) {
    api.tell("a call to the Runtime API failed inside kelvin and was answered 500");
  }
}

constexpr auto recheck_interval = 1ms;

class runtime_api_server final : public runtime_api {
 public:
  runtime_api_server(boost::asio::io_context& context, clock& time, runtime_api_ports& ports,
                     http::listening_socket socket, runtime_observer& observer, notice_callback on_notice,
                     bool has_timeouts)
      : context_(context),
        time_(time),
        ports_(ports),
        conversation_(std::make_shared<conversation>(observer, std::move(on_notice))) {
    gate_->guard(socket.port());
    auto handler = [gate = gate_, api = conversation_](http::exchange& call) { return serve(*gate, api, call); };
    listener_ =
        http::listener::open(context_, time_, make_options(has_timeouts), std::move(handler), std::move(socket));
    conversation_->attach(*listener_);
  }

  ~runtime_api_server() override {
    conversation_->close();
    const std::uint16_t port = listener_->port();
    listener_.reset();
    ports_.release(port);
  }

  const std::string& endpoint() const noexcept override { return gate_->address(); }
  void dispatch(const runtime_event& event) override { conversation_->dispatch(event); }
  void invocation_over() override { conversation_->invocation_over(); }
  void reset() override { conversation_->reset(); }

  awaitable<void> read_out(duration limit) override {
    return read_out_conversation(context_, time_, conversation_, limit);
  }

 private:
  http::listener_options make_options(bool has_timeouts) {
    http::listener_options options;
    options.header_limit_bytes = limits::runtime_header_bytes;
    options.connection_limit = limits::runtime_connections;
    options.idle_timeout = std::nullopt;
    options.body_idle_timeout = std::nullopt;
    if (!has_timeouts) {
      options.header_timeout = std::nullopt;
      options.write_idle_timeout = std::nullopt;
    }
    options.on_accept = [weak = std::weak_ptr(conversation_)](steady_time when) {
      if (const auto api = weak.lock()) {
        api->connected(when);
      }
    };
    options.on_exception = [weak = std::weak_ptr(conversation_)](std::exception_ptr escaped) {
      if (const auto api = weak.lock()) {
        tell_exception(*api, std::move(escaped));
      }
    };
    return options;
  }

  /// A turn of the loop takes in what the kernel holds for accepted connections; a connection that
  /// waits to be accepted needs one more. So what a process sent before it ended is usually here
  /// after a few turns, and only a descendant that keeps a connection open is waited for in steps.
  static awaitable<void> read_out_conversation(boost::asio::io_context& context, clock& time, shared_conversation api,
                                               duration limit) {
    constexpr int turns = 16;
    constexpr int quiet_turns = 3;
    const steady_time until = time.now() + limit;
    int quiet = 0;
    for (int turn = 0; turn < turns && !api->is_closed(); ++turn) {
      co_await boost::asio::post(context.get_executor(), use_awaitable);
      quiet = api->is_read_out() ? quiet + 1 : 0;
      if (quiet == quiet_turns) {
        co_return;
      }
    }
    while (!api->is_read_out() && time.now() < until) {
      one_shot<bool> due;
      const auto recheck = time.make_alarm([&due] { due.set(true); });
      recheck->set(time.now() + recheck_interval);
      co_await due.wait();
    }
  }

  boost::asio::io_context& context_;
  clock& time_;
  runtime_api_ports& ports_;
  shared_conversation conversation_;
  std::shared_ptr<gatekeeper> gate_ = std::make_shared<gatekeeper>();
  std::unique_ptr<http::listener> listener_;
};

}  // namespace

result<std::unique_ptr<runtime_api>> runtime_api::open(boost::asio::io_context& context, clock& time,
                                                       runtime_api_ports& ports, runtime_observer& observer,
                                                       notice_callback on_notice, bool has_timeouts) {
  auto socket = ports.take();
  if (!socket) {
    return socket.error();
  }
  return std::unique_ptr<runtime_api>(std::make_unique<runtime_api_server>(
      context, time, ports, std::move(*socket), observer, std::move(on_notice), has_timeouts));
}

}  // namespace kelvin::service
