#pragma once

#include <string>
#include <string_view>

/// Messages of `application/vnd.amazon.eventstream`, as InvokeWithResponseStream answers them (AWS
/// Lambda API; framing as in the SDKs' own parsers): length, header length, CRC of both, headers,
/// payload, CRC of everything before. Integers are big-endian, CRCs are zlib's.
namespace kelvin::frontdoor {

/// A PayloadChunk with these bytes; at most 16 MiB of them (SDKs refuse messages over 24 MiB).
std::string payload_chunk(std::string_view bytes);

/// What the last message tells.
struct stream_ending {
  std::string_view error_code;     ///< empty on success
  std::string_view error_details;  ///< the error object's JSON text
  std::string_view log_tail;       ///< raw; empty unless X-Amz-Log-Type asked for it
};

/// The InvokeComplete message, exactly one, always last.
std::string invoke_complete(const stream_ending& ending);

}  // namespace kelvin::frontdoor
