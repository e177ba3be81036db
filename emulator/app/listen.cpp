// The callers' port: which addresses, and what its failures mean to the user.

#include "emulator/app/server.hpp"

#include <algorithm>
#include <utility>

namespace kelvin {
namespace {

constexpr std::string_view loopback_v4 = "127.0.0.1";
constexpr std::string_view loopback_v6 = "::1";
/// How often a free port is looked for that both loopback addresses have.
constexpr int free_port_attempts = 16;

bool is_any(const std::string& address) {
  return address == "0.0.0.0" || address == "::";
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == loopback_v6;
}

std::string in_url(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

failure explain(failure why, const std::string& address, std::uint16_t port) {
  const std::string place = in_url(address) + ":" + std::to_string(port);
  switch (why.code) {
    case errc::address_in_use:
      why.detail = "cannot listen on " + place +
                   ": another program holds the port, perhaps another kelvin. Stop it (ss -ltnp 'sport = :" +
                   std::to_string(port) + "' shows it) or choose another port: --listen " + in_url(address) +
                   ":0 takes any free one";
      break;
    case errc::permission_denied:
      why.detail =
          "cannot listen on " + place + ": permission denied. Ports below 1024 need root; choose another with --listen";
      break;
    case errc::invalid_argument:
      why.detail = "cannot listen on " + place + ": " + why.detail +
                   ". --listen takes an address of this machine, localhost, 0.0.0.0 or [::], and a port";
      break;
    default: break;
  }
  return why;
}

}  // namespace

result<std::unique_ptr<http::listener>> server::open_listener(const std::string& address, std::uint16_t port) {
  http::listener_options options;
  options.address = address;
  options.port = port;
  options.on_exception = [this](std::exception_ptr escaped) { tell_exception(escaped, "a request was answered 500"); };
  return http::listener::open(context_, clock_, options,
                              [this](http::exchange& exchange) { return front_door_->handle(exchange); });
}

result<void> server::listen() {
  const bool both = chosen_.listen_host == "localhost" || !chosen_.listen_chosen;
  const std::string address = both ? std::string(loopback_v4) : chosen_.listen_host;
  http::host_policy hosts;
  hosts.allowed_hosts = chosen_.allowed_hosts;
  hosts.beyond_loopback = !is_loopback(address);
  front_door_ = std::make_unique<front_door>(*invoke_api_, *control_, *gateway_, std::move(hosts));

  for (int attempt = 0; attempt < free_port_attempts; ++attempt) {
    listeners_.clear();
    auto first = open_listener(address, chosen_.listen_port);
    if (!first) {
      return explain(first.error(), address, chosen_.listen_port);
    }
    port_ = (*first)->port();
    listeners_.push_back(std::move(*first));
    if (!both) {
      break;
    }
    auto second = open_listener(std::string(loopback_v6), port_);
    if (second) {
      listeners_.push_back(std::move(*second));
      break;
    }
    if (second.error().code != errc::address_in_use) {
      tell(notice_level::debug, "no listener on [::1]: " + second.error().detail);
      break;
    }
    if (chosen_.listen_port != 0) {
      return explain(second.error(), std::string(loopback_v6), port_);
    }
  }
  url_ = "http://" + in_url(is_any(address) ? std::string(loopback_v4) : address) + ":" + std::to_string(port_);
  gateway_->set_port(port_);
  if (chosen_.endpoint) {
    registry_.account().endpoint_url = url_;
  }
  return {};
}

}  // namespace kelvin
