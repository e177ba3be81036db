#include "runtime-api/http/host_check.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using kelvin::fuzz::require;
using namespace kelvin::http;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

field_list fields_of(std::string_view host, std::string_view origin, std::string_view site) {
  field_list fields;
  for (const auto& [name, value] : {field{"Host", host}, field{"Origin", origin}, field{"Sec-Fetch-Site", site}}) {
    if (!value.empty()) {
      fields.add(name, value);
    }
  }
  return fields;
}

void check_host(std::string_view host) {
  const host_policy closed;
  const host_policy open{true, {"allowed.example"}};
  const bool loopback = host_is_loopback(host);
  require(host_is_allowed(host, closed) == loopback);
  require(!loopback || host_is_allowed(host, open));
  const auto parts = split_host(host);
  if (!parts) {
    require(!host_is_allowed(host, open));
    return;
  }
  require(!parts->host.empty() && parts->host.find_first_of(" /?#@\\,\r\n\t") == std::string_view::npos);
  if (loopback) {
    // Nothing that a resolver could take for another machine.
    const std::string_view last = parts->host.substr(parts->host.size() < 9 ? 0 : parts->host.size() - 9);
    require(parts->host.starts_with("127.") || parts->host.front() == '[' || (last[0] | 0x20) == 'l');
  }
}

}  // namespace

/// Three lines: Host, Origin, Sec-Fetch-Site; an empty one is left out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view host = take_line(text);
  const std::string_view origin = take_line(text);
  const std::string_view site = take_line(text);
  check_host(host);
  const bool crosses = is_cross_origin(fields_of(host, origin, site));
  require(crosses || !is_cross_origin(fields_of(host, {}, site)));
  require(!origin.empty() || !site.empty() || !crosses);
  require(is_cross_origin(fields_of(host, origin, "cross-site")));
  require(is_cross_origin(fields_of(host, "null", site)));
  if (split_host(host)) {
    require(!is_cross_origin(fields_of(host, "http://" + std::string(host), {})));
    require(is_cross_origin(fields_of(host, "ftp://" + std::string(host), {})));
    require(is_cross_origin(fields_of(host, "http://other." + std::string(host), {})));
  }
  return 0;
}
