#pragma once

#include "runtime-api/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::http {

/// Which Host fields are served. A page in a browser can make its own name resolve to 127.0.0.1 (DNS
/// rebinding), but cannot make the browser send another Host.
struct host_policy {
  /// The user asked to listen beyond loopback: IP literals and single-label names are served, too.
  bool beyond_loopback = false;
  /// Names or IP literals, without port, compared without case.
  std::vector<std::string> allowed_hosts;
};

/// A Host field's two parts; `[…]` around an IPv6 address is kept. nullopt if it is malformed.
struct host_and_port {
  std::string_view host;
  std::string_view port;  ///< empty if none is given
};
std::optional<host_and_port> split_host(std::string_view host) noexcept;

/// Whether the Host field names this machine: localhost, *.localhost, 127.0.0.0/8 or [::1], each with
/// an optional port.
bool host_is_loopback(std::string_view host);
/// Whether a request with that Host field is served. A malformed one never is.
bool host_is_allowed(std::string_view host, const host_policy& policy);
/// Whether a browser sent the request on behalf of another site's page: Sec-Fetch-Site is neither
/// same-origin nor none, or an Origin (`null` included) is not http or https at the Host's own
/// name and port.
bool is_cross_origin(const field_list& fields);

}  // namespace kelvin::http
