#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin::test {

struct event_stream_message {
  std::map<std::string, std::string> headers;
  std::string payload;
};

inline std::uint32_t big_endian_at(std::string_view bytes, std::size_t position, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t index = 0; index < size; ++index) {
    value = value << 8 | static_cast<unsigned char>(bytes.at(position + index));
  }
  return value;
}

inline std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// Reads one whole message as an SDK does: lengths and both checksums must be right, and every header a string, as all
/// that the service sends are. nullopt if `bytes` is anything else.
inline std::optional<event_stream_message> read_event_stream_message(std::string_view bytes) {
  constexpr std::size_t prelude_bytes = 12;
  constexpr std::size_t crc_bytes = 4;
  constexpr std::uint32_t string_type = 7;
  if (bytes.size() < prelude_bytes + crc_bytes || big_endian_at(bytes, 0, 4) != bytes.size() ||
      big_endian_at(bytes, 8, 4) != crc_of(bytes.substr(0, 8)) ||
      big_endian_at(bytes, bytes.size() - crc_bytes, 4) != crc_of(bytes.substr(0, bytes.size() - crc_bytes))) {
    return std::nullopt;
  }
  std::string_view rest = bytes.substr(prelude_bytes, bytes.size() - prelude_bytes - crc_bytes);
  const std::size_t header_bytes = big_endian_at(bytes, 4, 4);
  if (header_bytes > rest.size()) {
    return std::nullopt;
  }
  event_stream_message read{{}, std::string(rest.substr(header_bytes))};
  rest = rest.substr(0, header_bytes);
  while (!rest.empty()) {
    const std::size_t name_size = static_cast<unsigned char>(rest.front());
    if (rest.size() < name_size + 4 || big_endian_at(rest, name_size + 1, 1) != string_type) {
      return std::nullopt;
    }
    const std::size_t value_size = big_endian_at(rest, name_size + 2, 2);
    if (rest.size() < name_size + 4 + value_size) {
      return std::nullopt;
    }
    read.headers[std::string(rest.substr(1, name_size))] = rest.substr(name_size + 4, value_size);
    rest.remove_prefix(name_size + 4 + value_size);
  }
  return read;
}

}  // namespace kelvin::test
