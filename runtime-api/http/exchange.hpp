#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/payload.hpp"
#include "runtime-api/base/result.hpp"
#include "runtime-api/http/message.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace kelvin::http {

/// A whole answer. Date, Connection and Content-Length are added by the session.
struct response {
  unsigned status = 200;
  std::string fields;     ///< `Name: value\r\n` each, names and values already valid
  std::string_view body;  ///< must stay valid until respond() returns
};

/// Appends one `Name: value\r\n`; control characters in the value are replaced by spaces, so that no
/// value from outside can end a header line.
void append_field(std::string& fields, std::string_view name, std::string_view value);

/// One request and its answer on a session. Lives until its handler has returned. Exactly one of
/// respond() or the streaming calls is made; a handler that returns without answering ends in 500.
class exchange {
 public:
  virtual ~exchange() = default;

  virtual const request_head& head() const noexcept = 0;
  /// When the request's header was complete.
  virtual steady_time received() const noexcept = 0;

  /// The whole body. Errors: body_too_large (over `limit_bytes`; the rest was read and dropped, an
  /// answer can be sent), message_truncated (the peer closed or broke its framing; an answer may
  /// still reach it), timed_out. An empty payload if the request has none.
  virtual awaitable<result<payload>> read_body(std::size_t limit_bytes) = 0;
  /// The next piece of the body, empty at its end; the view lasts until the next call. Same errors,
  /// but for body_too_large.
  virtual awaitable<result<std::string_view>> read_some() = 0;
  /// Trailer fields, complete once the body's end was read.
  virtual const field_list& trailers() const noexcept = 0;

  /// Sends the answer. False if the peer is gone or takes nothing: the session then ends.
  virtual awaitable<bool> respond(response answer) = 0;

  /// Streaming (chunked) answer: begin, write as often as needed, finish. False: the peer is gone.
  virtual awaitable<bool> begin_stream(response head_without_body) = 0;
  virtual awaitable<bool> write(std::string_view bytes) = 0;
  virtual awaitable<bool> finish_stream() = 0;

  /// Whether the peer has closed its side or reset the connection, asked without waiting. Bytes it
  /// sent ahead do not count as closed.
  virtual bool peer_closed() noexcept = 0;
  /// Text form of the peer's address, without port.
  virtual std::string peer_address() const = 0;
};

}  // namespace kelvin::http
