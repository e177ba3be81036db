#pragma once

#include "runtime-api/base/clock.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin::http {

/// The value of the Date field, printed once a second.
class date_cache {
 public:
  /// `Tue, 15 Nov 1994 08:12:31 GMT`; the view lasts until the next call.
  std::string_view text(wall_time now);

 private:
  std::optional<std::chrono::sys_seconds> second_;
  std::string text_;
};

/// How the end of an answer's body is known.
enum class framing {
  none,  ///< the status has no body: neither a body nor a length is sent
  content_length,
  chunked,
  until_close,  ///< HTTP/1.0 has no other way for a stream
};

/// Whether an answer of that status may have a body (RFC 9110, section 6.4.1).
bool status_has_body(unsigned status) noexcept;

/// Writes the status line and all fields to `head`, whose memory is used again.
void write_response_head(std::string& head, unsigned status, std::string_view date, framing how,
                         std::size_t content_length, bool keep_alive, std::string_view fields);

}  // namespace kelvin::http
