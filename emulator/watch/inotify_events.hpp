#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace kelvin {

/// One event as the kernel reports it (inotify(7)).
struct inotify_record {
  int watch = -1;          ///< -1 for IN_Q_OVERFLOW
  std::uint32_t mask = 0;  ///< IN_…
  std::string_view name;   ///< of the entry in the watched folder; empty if it is about the folder itself
};

/// Calls `on_record` for each event of a buffer that read() has filled, in order; names are valid during the call.
/// False if the buffer does not end with a whole event: what came before was reported.
bool parse_inotify_events(std::span<const std::byte> buffer,
                          const std::function<void(const inotify_record&)>& on_record);

}  // namespace kelvin
