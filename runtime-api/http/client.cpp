#include "runtime-api/http/client.hpp"

#include "runtime-api/base/limits.hpp"
#include "runtime-api/http/connection.hpp"
#include "runtime-api/http/exchange.hpp"
#include "runtime-api/http/response_parser.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace kelvin::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

std::string name_of(const client_request& request) {
  return request.host + ":" + std::to_string(request.port);
}

std::vector<tcp::endpoint> endpoints_of(const client_request& request) {
  if (request.host == "localhost") {
    return {{boost::asio::ip::address_v4::loopback(), request.port},
            {boost::asio::ip::address_v6::loopback(), request.port}};
  }
  std::string_view literal = request.host;
  if (literal.starts_with('[') && literal.ends_with(']')) {
    literal = literal.substr(1, literal.size() - 2);
  }
  error_code error;
  const auto address = boost::asio::ip::make_address(std::string(literal), error);
  if (error) {
    return {};
  }
  return {{address, request.port}};
}

failure too_late(const client_request& request) {
  const auto allowed = std::chrono::duration_cast<std::chrono::milliseconds>(request.deadline).count();
  return fail(errc::timed_out, "No whole answer came from " + name_of(request) + " within " + std::to_string(allowed) +
                                   " ms: allow more time, or look at what the server is doing.");
}

/// A socket connected to the first of the endpoints that answers.
awaitable<result<tcp_socket>> connect(boost::asio::io_context& context, clock& time, const client_request& request,
                                      steady_time due) {
  const auto endpoints = endpoints_of(request);
  if (endpoints.empty()) {
    co_return fail(errc::invalid_argument,
                   "Names are not resolved: give \"localhost\" or an IP address instead of \"" + request.host + "\".");
  }
  std::string reason;
  for (const tcp::endpoint& endpoint : endpoints) {
    tcp_socket socket(context.get_executor());
    bool late = false;
    const auto alarm = time.make_alarm([&] {
      late = true;
      error_code ignored;
      socket.close(ignored);
    });
    alarm->set(due);
    const auto [error] = co_await socket.async_connect(endpoint, as_tuple);
    alarm->clear();
    if (late) {
      co_return too_late(request);
    }
    if (!error) {
      error_code ignored;  // a server that is already gone is noticed by the first write
      socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
      co_return std::move(socket);
    }
    reason = error.message();
  }
  co_return fail(errc::connection_closed, "Cannot connect to " + name_of(request) + " (" + reason +
                                              "): start kelvin there, or name the address it listens on.");
}

std::string head_of(const client_request& request) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
  append_field(head, "Host", name_of(request));
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    append_field(head, "Content-Length", std::to_string(request.body.size()));
  }
  head.append("Connection: close\r\n").append(request.fields).append("\r\n");
  return head;
}

failure explain(const client_request& request, response_parser::progress what) {
  switch (what) {
    case response_parser::progress::body_too_large:
      return fail(errc::body_too_large, "The answer of " + name_of(request) + " is larger than " +
                                            std::to_string(request.body_limit_bytes) + " bytes.");
    case response_parser::progress::header_too_large:
      return fail(errc::malformed_message, "The answer of " + name_of(request) + " has too large a header.");
    default: return fail(errc::malformed_message, "What answers at " + name_of(request) + " does not speak HTTP/1.1.");
  }
}

awaitable<result<client_response>> read_response(connection& peer, const client_request& request, steady_time due) {
  auto parser =
      std::make_unique<response_parser>(request.method == "HEAD", request.header_limit_bytes, request.body_limit_bytes);
  while (true) {
    const auto step = parser->put(peer.buffered());
    peer.consume(step.consumed);
    if (step.what == response_parser::progress::complete) {
      if (parser->status() / 100 == 1) {
        parser = std::make_unique<response_parser>(request.method == "HEAD", request.header_limit_bytes,
                                                   request.body_limit_bytes);
        continue;
      }
      break;
    }
    if (step.what != response_parser::progress::need_more) {
      co_return explain(request, step.what);
    }
    const auto read = co_await peer.fill(due);
    if (read == connection::outcome::timed_out) {
      co_return too_late(request);
    }
    if (read == connection::outcome::end && parser->put_end()) {
      break;
    }
    if (read != connection::outcome::done) {
      co_return parser->began()
          ? fail(errc::message_truncated, name_of(request) + " closed the connection in the middle of its answer.")
          : fail(errc::connection_closed, name_of(request) + " closed the connection without an answer.");
    }
  }
  client_response answer;
  answer.status = parser->status();
  answer.fields = std::move(parser->fields());
  answer.body = std::move(parser->body());
  co_return answer;
}

}  // namespace

awaitable<result<client_response>> send_request(boost::asio::io_context& context, clock& time, client_request request) {
  const steady_time due = time.now() + request.deadline;
  auto socket = co_await connect(context, time, request, due);
  if (!socket) {
    co_return std::move(socket).error();
  }
  connection peer(std::move(*socket), time, limits::response_write_idle);
  const std::string head = head_of(request);
  connection::pieces bytes{head, request.body};
  const auto sent = peer.write_now(bytes);
  // A server that refuses the body answers before it has taken all of it: the answer is read in any case.
  if (!sent) {
    co_await peer.write_rest(bytes, due);
  }
  co_return co_await read_response(peer, request, due);
}

}  // namespace kelvin::http
