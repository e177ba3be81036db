#include "emulator/app/jwks_fetcher.hpp"

#include "runtime-api/base/limits.hpp"

#include <boost/asio/ip/address.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

constexpr const char* way_out = "; or give the key set as a file: --jwks ISSUER=FILE";

bool needs_no_resolver(const std::string& host) {
  boost::system::error_code error;
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  boost::asio::ip::make_address(bracketed ? host.substr(1, host.size() - 2) : host, error);
  return host == "localhost" || !error;
}

/// -q first: the user's .curlrc is for the user. No shell reads any of this.
command_specification curl_command(const std::string& url) {
  command_specification command;
  command.command = "curl";
  const auto seconds = std::chrono::duration<double>(limits::key_set_fetch).count();
  command.arguments = {"-q",
                       "--silent",
                       "--show-error",
                       "--fail",
                       "--globoff",
                       "--max-time",
                       std::to_string(seconds),
                       "--max-filesize",
                       std::to_string(limits::key_set_bytes),
                       "--proto",
                       "=http,https",
                       "--url",
                       url};
  // Proxies and certificates are the machine's business.
  for (char** each = environ; *each != nullptr; ++each)
    command.variables.emplace_back(*each);
  return command;
}

}  // namespace

std::optional<http::client_request> plain_request(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme))
    return std::nullopt;
  url.remove_prefix(scheme.size());
  const std::size_t path = std::min(url.find_first_of("/?#"), url.size());
  std::string_view authority = url.substr(0, path);
  http::client_request request;
  request.port = 80;
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), request.port);
    if (error != std::errc() || end != digits.data() + digits.size() || request.port == 0)
      return std::nullopt;
    authority = authority.substr(0, colon);
  }
  request.host = authority;
  const std::string_view target = url.substr(path, url.find('#') - path);
  request.target = (target.starts_with('/') ? "" : "/") + std::string(target);
  request.fields = "Accept: application/json\r\n";
  request.deadline = limits::key_set_fetch;
  request.body_limit_bytes = limits::key_set_bytes;
  return needs_no_resolver(request.host) ? std::optional(std::move(request)) : std::nullopt;
}

jwks_fetcher::jwks_fetcher(boost::asio::io_context& context, clock& time, command_collector collect)
    : context_(context), time_(time), collect_(std::move(collect)) {}

awaitable<result<std::string>> jwks_fetcher::fetch(std::string url) {
  if (auto plain = plain_request(url))
    co_return co_await fetch_plain(std::move(url), std::move(*plain));
  command_specification command = curl_command(url);
  auto ran = co_await collect_(std::move(command));
  if (!ran && ran.error().code == errc::not_found)
    co_return fail(errc::not_found, url +
                                        ": kelvin fetches such documents with curl, and there is none in PATH; "
                                        "install it (apt install curl)" +
                                        way_out);
  if (!ran)
    co_return fail(ran.error().code, url + ": " + ran.error().detail + way_out);
  if (ran->status.signaled || ran->status.value != 0)
    co_return fail(errc::connection_closed, url + ": " + ran->error + way_out);
  co_return std::move(ran->output);
}

awaitable<result<std::string>> jwks_fetcher::fetch_plain(std::string url, http::client_request request) {
  auto answer = co_await http::send_request(context_, time_, std::move(request));
  if (!answer)
    co_return fail(answer.error().code, url + ": " + answer.error().detail);
  if (answer->status != 200)
    co_return fail(errc::malformed_message, url + ": the answer is " + std::to_string(answer->status) +
                                                ", not 200; see whether this is where the issuer has its keys" +
                                                way_out);
  co_return std::string(answer->body.view());
}

result<std::string> jwks_fetcher::read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return fail(errc::not_found, path + ": cannot be read; --jwks names it");
  std::string text(limits::key_set_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad())
    return fail(errc::system_failure, path + ": cannot be read to its end; --jwks names it");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > limits::key_set_bytes)
    return fail(errc::body_too_large, path + ": larger than 1 MiB, which is the limit of a key set");
  return text;
}

}  // namespace kelvin
