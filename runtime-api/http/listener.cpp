#include "runtime-api/http/listener.hpp"

#include "runtime-api/base/task_group.hpp"
#include "runtime-api/http/session.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/system/system_error.hpp>

#include <fcntl.h>

#include <utility>

namespace kelvin::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using acceptor = boost::asio::basic_socket_acceptor<tcp, executor>;
using timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

// Out of descriptors, accept() fails again and again at once; only somebody's close() can help.
constexpr auto accept_pause = std::chrono::milliseconds(50);

struct acceptance {
  acceptance(boost::asio::io_context& context, acceptor socket, std::shared_ptr<session_host> sessions)
      : listening(std::move(socket)),
        pause(context.get_executor()),
        host(std::move(sessions)),
        tasks(context, host->options.on_exception) {}

  acceptor listening;
  timer pause;
  std::shared_ptr<session_host> host;
  task_group tasks;
};

void admit(acceptance& self, tcp_socket socket, tcp::endpoint peer) {
  const session_host& host = *self.host;
  if (host.options.on_accept) {
    host.options.on_accept(host.time.now());
  }
  if (host.open.size() >= host.options.connection_limit) {
    return;  // closes the socket
  }
  self.tasks.spawn(session::run(std::make_shared<session>(self.host, std::move(socket), std::move(peer))));
}

awaitable<void> accept_sessions(std::shared_ptr<acceptance> self) {
  while (self->listening.is_open()) {
    tcp_socket socket(self->listening.get_executor());
    tcp::endpoint peer;
    const auto [error] = co_await self->listening.async_accept(socket, peer, as_tuple);
    if (!self->listening.is_open()) {
      break;
    }
    if (!error) {
      admit(*self, std::move(socket), peer);
      continue;
    }
    self->pause.expires_after(accept_pause);
    co_await self->pause.async_wait(as_tuple);
  }
}

failure explain(const error_code& error, const std::string& address, std::uint16_t port) {
  const std::string where = address + ":" + std::to_string(port);
  if (error == boost::system::errc::address_in_use) {
    return fail(errc::address_in_use,
                "Another program listens on " + where + ": stop it, or choose another port (0 takes any free one).");
  }
  if (error == boost::system::errc::permission_denied) {
    return fail(errc::permission_denied,
                "The system does not allow to listen on " + where + ": choose a port above 1023.");
  }
  if (error == boost::system::errc::address_not_available) {
    return fail(errc::invalid_argument, "No network interface has the address " + address + ".");
  }
  return fail(errc::system_failure, "Cannot listen on " + where + ": " + error.message() + ".");
}

/// Throws boost::system::system_error.
void start_listening(acceptor& listening, const tcp::endpoint& where) {
  listening.open(where.protocol());
  ::fcntl(listening.native_handle(), F_SETFD, FD_CLOEXEC);
  listening.set_option(boost::asio::socket_base::reuse_address(true));
  if (where.address().is_v6()) {
    listening.set_option(boost::asio::ip::v6_only(true));
  }
  listening.bind(where);
  // What is accepted inherits it: Linux copies the listening socket.
  listening.set_option(tcp::no_delay(true));
  listening.listen(boost::asio::socket_base::max_listen_connections);
  listening.non_blocking(true);
}

class tcp_listener final : public listener {
 public:
  tcp_listener(std::shared_ptr<acceptance> accepting, std::uint16_t port)
      : accepting_(std::move(accepting)), port_(port) {
    accepting_->tasks.spawn(accept_sessions(accepting_));
  }
  ~tcp_listener() override {
    stop_accepting();
    close_sessions();
  }

  std::uint16_t port() const noexcept override { return port_; }
  std::size_t session_count() const noexcept override { return accepting_->host->open.size(); }
  std::size_t reading_session_count() const noexcept override {
    return accepting_->host->open.size() - accepting_->host->in_handler;
  }

  void stop_accepting() override {
    error_code ignored;
    accepting_->listening.close(ignored);
    accepting_->pause.cancel();
    accepting_->host->stopping = true;
    auto& open = accepting_->host->open;
    for (auto next = open.begin(); next != open.end();) {
      (*next++)->close_if_idle();
    }
  }

  void close_sessions() override {
    auto& open = accepting_->host->open;
    while (!open.empty()) {
      open.front()->close();
    }
  }

 private:
  std::shared_ptr<acceptance> accepting_;
  std::uint16_t port_;
};

}  // namespace

struct listening_socket::socket {
  explicit socket(boost::asio::io_context& context) : listening(context.get_executor()) {}
  acceptor listening;
};

listening_socket::listening_socket(std::unique_ptr<socket> listening, std::uint16_t port)
    : socket_(std::move(listening)), port_(port) {}
listening_socket::listening_socket(listening_socket&&) noexcept = default;
listening_socket& listening_socket::operator=(listening_socket&&) noexcept = default;
listening_socket::~listening_socket() = default;

result<listening_socket> listening_socket::open(boost::asio::io_context& context, const std::string& address,
                                                std::uint16_t port) {
  error_code error;
  const auto host = boost::asio::ip::make_address(address, error);
  if (error) {
    return fail(errc::invalid_argument,
                "\"" + address + "\" is not an IP address to listen on: give one like 127.0.0.1 or ::1.");
  }
  auto made = std::make_unique<socket>(context);
  try {
    start_listening(made->listening, tcp::endpoint(host, port));
    const std::uint16_t bound = made->listening.local_endpoint().port();
    return listening_socket(std::move(made), bound);
  } catch (const boost::system::system_error& refused) {
    return explain(refused.code(), address, port);
  }
}

result<std::unique_ptr<listener>> listener::open(boost::asio::io_context& context, clock& time,
                                                 listener_options options, request_handler handler) {
  auto socket = listening_socket::open(context, options.address, options.port);
  if (!socket) {
    return socket.error();
  }
  return open(context, time, std::move(options), std::move(handler), std::move(*socket));
}

std::unique_ptr<listener> listener::open(boost::asio::io_context& context, clock& time, listener_options options,
                                         request_handler handler, listening_socket socket) {
  auto host = std::make_shared<session_host>(time, std::move(options), std::move(handler));
  auto accepting = std::make_shared<acceptance>(context, std::move(socket.socket_->listening), std::move(host));
  return std::make_unique<tcp_listener>(std::move(accepting), socket.port());
}

}  // namespace kelvin::http
