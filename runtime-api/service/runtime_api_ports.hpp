#pragma once

#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/result.hpp"
#include "runtime-api/http/listener.hpp"
#include "runtime-api/service/port_quarantine.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace kelvin::service {

/// The loopback ports of all Runtime APIs of the process. Keeps one socket that listens already, so that a
/// start does not wait for it to be made. Not to be destroyed before a Runtime API.
class runtime_api_ports {
 public:
  runtime_api_ports(boost::asio::io_context& context, clock& time);

  /// A socket on a free port of 127.0.0.1 that no Runtime API had within the last minute.
  /// Errors: as http::listening_socket::open, and limit_reached if there is no such port.
  result<http::listening_socket> take();
  /// Makes the next socket as soon as what is under way now is done; at the latest it happens some time
  /// after take().
  void make_ready();
  /// The port's Runtime API has ended.
  void release(std::uint16_t port);

 private:
  result<http::listening_socket> open();

  boost::asio::io_context& context_;
  clock& time_;
  port_quarantine released_;
  std::optional<http::listening_socket> ready_;
  std::unique_ptr<alarm> refill_;
};

}  // namespace kelvin::service
