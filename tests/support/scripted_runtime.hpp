#pragma once

#include "tests/support/wire_connection.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace kelvin::test {

/// A runtime whose every step a test dictates, over a real socket and with one keep-alive connection
/// like most runtime clients. Connects at its first call. Calls throw boost::system::system_error
/// when the Runtime API closes the connection.
class scripted_runtime {
 public:
  /// `endpoint`: the value of AWS_LAMBDA_RUNTIME_API.
  scripted_runtime(boost::asio::io_context& context, std::string endpoint)
      : context_(context), endpoint_(std::move(endpoint)), wire_(context) {}

  /// The event as answer: its id is field("Lambda-Runtime-Aws-Request-Id").
  awaitable<wire_answer> next() { return call("GET", "/2018-06-01/runtime/invocation/next", "", ""); }

  /// Asks for the next event and does not wait for it; receive_next() does.
  awaitable<void> begin_next() { return begin("GET", "/2018-06-01/runtime/invocation/next", "", ""); }
  awaitable<wire_answer> receive_next() { return wire_.receive(); }

  /// `fields`: `Name: value\r\n` each.
  awaitable<wire_answer> respond(std::string id, std::string body,
                                 std::string fields = "Content-Type: application/json\r\n") {
    return call("POST", "/2018-06-01/runtime/invocation/" + id + "/response", std::move(fields), std::move(body));
  }
  awaitable<wire_answer> error(std::string id, std::string body, std::string fields = {}) {
    return call("POST", "/2018-06-01/runtime/invocation/" + id + "/error", std::move(fields), std::move(body));
  }
  awaitable<wire_answer> init_error(std::string body, std::string fields = {}) {
    return call("POST", "/2018-06-01/runtime/init/error", std::move(fields), std::move(body));
  }

  awaitable<wire_answer> call(std::string method, std::string target, std::string fields, std::string body) {
    co_await begin(std::move(method), std::move(target), std::move(fields), std::move(body));
    co_return co_await wire_.receive();
  }

  /// Ends the process as far as the Runtime API can see; the next call is a new process's.
  void crash() {
    wire_.close();
    wire_ = wire_connection(context_);
  }

  /// For what no runtime should do.
  wire_connection& wire() { return wire_; }

 private:
  awaitable<void> begin(std::string method, std::string target, std::string fields, std::string body) {
    if (!wire_.is_open()) {
      co_await wire_.connect(endpoint_);
    }
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + endpoint_ + "\r\n" + fields;
    if (method != "GET") {
      request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    co_await wire_.send(request + "\r\n" + body);
  }

  boost::asio::io_context& context_;
  std::string endpoint_;
  wire_connection wire_;
};

}  // namespace kelvin::test
