#include "emulator/watch/inotify_events.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

using namespace kelvin;
using kelvin::fuzz::require;

/// Whatever the bytes are, the events lie in the buffer one behind the other, and a whole buffer is used up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* begin = reinterpret_cast<const char*>(data);
  const char* used = begin;
  const bool is_whole = parse_inotify_events(std::as_bytes(std::span(data, size)), [&](const inotify_record& record) {
    require(record.name.data() >= used + 16 && record.name.data() + record.name.size() <= begin + size);
    require(record.name.find('\0') == std::string_view::npos);
    used = record.name.data() + record.name.size();
  });
  require(is_whole || used < begin + size);
  return 0;
}
