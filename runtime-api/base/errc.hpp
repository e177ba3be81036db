#pragma once

#include <boost/system/error_code.hpp>

namespace kelvin {

/// Every way in which kelvin itself can fail. What a caller of Lambda may see is data
/// (invocation_outcome), never one of these.
enum class errc {
  invalid_argument = 1,  ///< an option, a file or a message from outside is not what it must be
  not_found,             ///< a file, folder or function that was named does not exist
  permission_denied,     ///< the operating system refused access
  not_executable,        ///< the file exists but cannot be run (mode, architecture, interpreter)
  address_in_use,        ///< somebody else listens on that address
  body_too_large,        ///< a message body is over its limit; the rest of it was read and dropped
  message_truncated,     ///< the peer ended its message before its declared end
  malformed_message,     ///< the peer's bytes are not a valid message
  connection_closed,     ///< the peer closed, or we did
  timed_out,             ///< a deadline passed
  limit_reached,         ///< one of kelvin's own bounds was met
  unsupported,           ///< known, but not in this version
  invalid_state,         ///< the operation is not allowed in the present state
  system_failure,        ///< an unexpected failure of a system call; the detail names it
};

const boost::system::error_category& kelvin_category() noexcept;

inline boost::system::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), kelvin_category()};
}

}  // namespace kelvin

template <>
struct boost::system::is_error_code_enum<kelvin::errc> : std::true_type {};
