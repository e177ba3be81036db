#include "runtime-api/http/host_check.hpp"

#include "runtime-api/http/text.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace kelvin::http {
namespace {

std::optional<in_addr> as_ipv4(std::string_view host) {
  in_addr address{};
  return ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 ? std::optional(address) : std::nullopt;
}

std::optional<in6_addr> as_ipv6(std::string_view bracketed) {
  if (bracketed.size() < 2 || bracketed.front() != '[' || bracketed.back() != ']') {
    return std::nullopt;
  }
  in6_addr address{};
  const std::string text(bracketed.substr(1, bracketed.size() - 2));
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1 ? std::optional(address) : std::nullopt;
}

bool ends_with_ignoring_case(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool is_loopback_name(std::string_view host) {
  if (equal_ignoring_case(host, "localhost") || ends_with_ignoring_case(host, ".localhost")) {
    return true;
  }
  if (const auto address = as_ipv4(host)) {
    return (ntohl(address->s_addr) >> 24) == 127;
  }
  const auto address = as_ipv6(host);
  return address && IN6_IS_ADDR_LOOPBACK(&*address);
}

bool is_single_label(std::string_view host) noexcept {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char each) {
    const char lower = to_lower(each);
    return (lower >= 'a' && lower <= 'z') || (each >= '0' && each <= '9') || each == '-' || each == '_';
  });
}

/// The part of `scheme://authority` behind the scheme and that scheme's own port.
struct parsed_origin {
  host_and_port authority;
  std::string_view default_port;
};

std::optional<parsed_origin> parse_origin(std::string_view origin) {
  for (const auto& [scheme, port] :
       {std::pair<std::string_view, std::string_view>{"http://", "80"}, {"https://", "443"}}) {
    if (origin.size() > scheme.size() && equal_ignoring_case(origin.substr(0, scheme.size()), scheme)) {
      const auto authority = split_host(origin.substr(scheme.size()));
      return authority ? std::optional(parsed_origin{*authority, port}) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool is_own_origin(std::string_view origin, std::optional<std::string_view> host) {
  const auto theirs = parse_origin(origin);
  const auto ours = host ? split_host(*host) : std::nullopt;
  if (!theirs || !ours) {
    return false;
  }
  const auto or_default = [&](std::string_view port) { return port.empty() ? theirs->default_port : port; };
  return equal_ignoring_case(theirs->authority.host, ours->host) &&
         or_default(theirs->authority.port) == or_default(ours->port);
}

}  // namespace

std::optional<host_and_port> split_host(std::string_view host) noexcept {
  host_and_port parts{host, {}};
  const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
  if (bracket == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t colon = host.find(':', bracket);
  if (colon != std::string_view::npos) {
    parts = {host.substr(0, colon), host.substr(colon + 1)};
    const bool is_port =
        !parts.port.empty() && parts.port.size() <= 5 &&
        std::all_of(parts.port.begin(), parts.port.end(), [](char each) { return each >= '0' && each <= '9'; });
    if (!is_port) {
      return std::nullopt;
    }
  }
  const bool is_plain = std::none_of(parts.host.begin(), parts.host.end(), [](char each) {
    return is_control(each) || std::string_view(" /?#@\\,").find(each) != std::string_view::npos;
  });
  if (parts.host.empty() || !is_plain) {
    return std::nullopt;
  }
  return parts;
}

bool host_is_loopback(std::string_view host) {
  const auto parts = split_host(host);
  return parts && is_loopback_name(parts->host);
}

bool host_is_allowed(std::string_view host, const host_policy& policy) {
  const auto parts = split_host(host);
  if (!parts) {
    return false;
  }
  if (is_loopback_name(parts->host)) {
    return true;
  }
  if (policy.beyond_loopback && (as_ipv4(parts->host) || as_ipv6(parts->host) || is_single_label(parts->host))) {
    return true;
  }
  return std::any_of(policy.allowed_hosts.begin(), policy.allowed_hosts.end(),
                     [&](const std::string& allowed) { return equal_ignoring_case(allowed, parts->host); });
}

bool is_cross_origin(const field_list& fields) {
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const field each = fields.at(index);
    if (equal_ignoring_case(each.name, "Sec-Fetch-Site") && !equal_ignoring_case(each.value, "same-origin") &&
        !equal_ignoring_case(each.value, "none")) {
      return true;
    }
    if (equal_ignoring_case(each.name, "Origin") && !is_own_origin(each.value, fields.find("Host"))) {
      return true;
    }
  }
  return false;
}

}  // namespace kelvin::http
