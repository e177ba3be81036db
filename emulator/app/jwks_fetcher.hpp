#pragma once

#include "emulator/frontdoor/authorizer/jwks_source.hpp"
#include "emulator/sandbox/command_output.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/http/client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// Runs a command and collects its output; see collect_output.
using command_collector = std::function<awaitable<result<command_output>>(command_specification)>;

/// The request for a URL that kelvin's own client can be asked for: http, and an IP address or `localhost`, for it
/// resolves no names. Nullopt for any other.
std::optional<http::client_request> plain_request(std::string_view url);

/// Fetches issuers' configurations and key sets: `plain_request`s by itself, others with the machine's curl, for kelvin
/// has neither TLS nor the machine's certificates.
class jwks_fetcher final : public frontdoor::jwks_source {
 public:
  /// All must outlive it.
  jwks_fetcher(boost::asio::io_context& context, clock& time, command_collector collect);

  awaitable<result<std::string>> fetch(std::string url) override;
  result<std::string> read(const std::string& path) override;

 private:
  awaitable<result<std::string>> fetch_plain(std::string url, http::client_request request);

  boost::asio::io_context& context_;
  clock& time_;
  command_collector collect_;
};

}  // namespace kelvin
