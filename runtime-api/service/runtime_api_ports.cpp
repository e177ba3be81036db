#include "runtime-api/service/runtime_api_ports.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kelvin::service {
namespace {

using namespace std::chrono_literals;

constexpr int port_tries = 64;

/// Making the next one waits until the function that is being started had its init, but not for one that
/// takes long.
constexpr auto longest_delay = 100ms;

/// An init that is over is followed by an invocation, which comes first.
constexpr auto shortest_delay = 1ms;

}  // namespace

runtime_api_ports::runtime_api_ports(boost::asio::io_context& context, clock& time)
    : context_(context), time_(time), refill_(time.make_alarm([this] {
        if (auto opened = open()) {
          ready_ = std::move(*opened);
        }
      })) {
  refill_->set(time_.now() + shortest_delay);
}

void runtime_api_ports::make_ready() {
  if (!ready_) {
    refill_->set(time_.now() + shortest_delay);
  }
}

result<http::listening_socket> runtime_api_ports::take() {
  refill_->set(time_.now() + longest_delay);
  if (ready_) {
    result<http::listening_socket> taken(std::move(*ready_));
    ready_.reset();
    return taken;
  }
  return open();
}

void runtime_api_ports::release(std::uint16_t port) {
  released_.release(port, time_.now());
}

result<http::listening_socket> runtime_api_ports::open() {
  // Ports that came too early stay bound while the kernel is asked for others.
  std::vector<http::listening_socket> set_aside;
  for (int tries = 0; tries < port_tries; ++tries) {
    auto opened = http::listening_socket::open(context_, "127.0.0.1", 0);
    if (!opened || !released_.holds(opened->port(), time_.now())) {
      return opened;
    }
    set_aside.push_back(std::move(*opened));
  }
  return fail(errc::limit_reached, "no port for a Runtime API: the kernel gave " + std::to_string(port_tries) +
                                       " ports in a row that were in use within the last minute; widen "
                                       "net.ipv4.ip_local_port_range or start fewer environments");
}

}  // namespace kelvin::service
