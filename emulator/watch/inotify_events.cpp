#include "emulator/watch/inotify_events.hpp"

#include <sys/inotify.h>

#include <cstring>

namespace kelvin {

bool parse_inotify_events(std::span<const std::byte> buffer,
                          const std::function<void(const inotify_record&)>& on_record) {
  while (!buffer.empty()) {
    inotify_event header;
    if (buffer.size() < sizeof header) {
      return false;
    }
    std::memcpy(&header, buffer.data(), sizeof header);
    buffer = buffer.subspan(sizeof header);
    if (buffer.size() < header.len) {
      return false;
    }
    // The name is padded with NULs to the alignment of the next event.
    const auto* text = reinterpret_cast<const char*>(buffer.data());
    on_record({header.wd, header.mask, std::string_view(text, ::strnlen(text, header.len))});
    buffer = buffer.subspan(header.len);
  }
  return true;
}

}  // namespace kelvin
