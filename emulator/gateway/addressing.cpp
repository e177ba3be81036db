#include "emulator/gateway/addressing.hpp"

#include "runtime-api/http/host_check.hpp"
#include "runtime-api/http/text.hpp"

#include <optional>

namespace kelvin {
namespace {

constexpr std::string_view api_prefix = "/_aws/execute-api/";
constexpr std::string_view url_prefix = "/lambda-url/";
constexpr std::string_view api_domain = ".execute-api.localhost";
constexpr std::string_view url_domain = ".lambda-url.localhost";

/// What stands before `domain`, if that is one label.
std::optional<std::string_view> label_before(std::string_view host, std::string_view domain) noexcept {
  if (host.size() <= domain.size() || !http::equal_ignoring_case(host.substr(host.size() - domain.size()), domain)) {
    return std::nullopt;
  }
  const std::string_view label = host.substr(0, host.size() - domain.size());
  return label.find('.') == std::string_view::npos ? std::optional(label) : std::nullopt;
}

address behind(address::kind what, std::string_view path, std::string_view prefix) noexcept {
  const std::string_view rest = path.substr(prefix.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) {
    return {what, rest, {}};
  }
  return {what, rest.substr(0, slash), rest.substr(slash)};
}

}  // namespace

address find_address(std::string_view host, std::string_view path) noexcept {
  if (const auto parts = http::split_host(host)) {
    if (const auto name = label_before(parts->host, api_domain)) {
      return {address::kind::api, *name, path};
    }
    if (const auto name = label_before(parts->host, url_domain)) {
      return {address::kind::function_url, *name, path};
    }
  }
  if (path.starts_with(api_prefix)) {
    return behind(address::kind::api, path, api_prefix);
  }
  if (path.starts_with(url_prefix)) {
    return behind(address::kind::function_url, path, url_prefix);
  }
  return {address::kind::default_api, {}, path};
}

}  // namespace kelvin
