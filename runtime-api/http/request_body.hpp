#pragma once

#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/result.hpp"
#include "runtime-api/http/connection.hpp"
#include "runtime-api/http/request_parser.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kelvin::http {

/// The body of one request after the other, read from the connection when somebody asks for it.
class request_body {
 public:
  /// `idle_timeout`: the longest silence inside a body; nullopt: for ever.
  request_body(connection& peer, request_parser& parser, clock& time, std::size_t header_limit_bytes,
               std::optional<duration> idle_timeout)
      : peer_(peer),
        parser_(parser),
        time_(time),
        header_limit_bytes_(header_limit_bytes),
        idle_timeout_(idle_timeout) {}

  /// The parser has a new header. `awaits_continue`: the peer sends the body only when it is told to.
  void begin(bool awaits_continue);

  /// As exchange::read_body and exchange::read_some.
  awaitable<result<payload>> read_all(std::size_t limit_bytes);
  awaitable<result<std::string_view>> read_some();

  /// Whether its end was read.
  bool finished() const noexcept { return finished_; }
  /// Whether the connection can serve another request if this body is never asked for: nothing, or
  /// little, is left of it and the peer does not wait for a word from us.
  bool can_skip() const noexcept;
  /// Reads and drops what is left. False: it was too much, too slow or malformed, so close.
  awaitable<bool> skip();

 private:
  awaitable<result<std::string_view>> next_piece();
  awaitable<result<payload>> read_length(std::size_t limit_bytes);
  awaitable<result<payload>> read_chunked(std::size_t limit_bytes);
  awaitable<failure> discard();
  /// nullopt: go on; else why not.
  awaitable<std::optional<failure>> say_continue();
  awaitable<std::optional<failure>> fill_for_chunks();
  failure fail_with(connection::outcome what);
  failure fail_with(errc code, std::string_view detail);
  failure known_failure() const;
  std::optional<steady_time> due() const;

  connection& peer_;
  request_parser& parser_;
  clock& time_;
  const std::size_t header_limit_bytes_;
  const std::optional<duration> idle_timeout_;
  bool chunked_ = false;
  bool finished_ = true;
  bool awaits_continue_ = false;
  std::uint64_t remaining_ = 0;  ///< of a Content-Length body
  std::optional<errc> failed_;
  std::string_view failed_detail_;
};

}  // namespace kelvin::http
