#include "emulator/frontdoor/invoke_api/event_stream.hpp"

#include "runtime-api/base/base64.hpp"

#include <zlib.h>
#include <nlohmann/json.hpp>

#include <cstdint>

namespace kelvin::frontdoor {
namespace {

constexpr char string_type = 7;
constexpr std::size_t prelude_bytes = 12;
constexpr std::size_t crc_bytes = 4;

void append_integer(std::string& to, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    to.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

void append_header(std::string& to, std::string_view name, std::string_view value) {
  append_integer(to, static_cast<std::uint32_t>(name.size()), 1);
  to.append(name);
  to.push_back(string_type);
  append_integer(to, static_cast<std::uint32_t>(value.size()), 2);
  to.append(value);
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string message(std::string_view event_type, std::string_view content_type, std::string_view bytes) {
  std::string headers;
  append_header(headers, ":event-type", event_type);
  append_header(headers, ":content-type", content_type);
  append_header(headers, ":message-type", "event");
  std::string whole;
  const std::size_t total = prelude_bytes + headers.size() + bytes.size() + crc_bytes;
  whole.reserve(total);
  append_integer(whole, static_cast<std::uint32_t>(total), 4);
  append_integer(whole, static_cast<std::uint32_t>(headers.size()), 4);
  append_integer(whole, crc_of(whole), 4);
  whole.append(headers).append(bytes);
  append_integer(whole, crc_of(whole), 4);
  return whole;
}

}  // namespace

std::string payload_chunk(std::string_view bytes) {
  return message("PayloadChunk", "application/octet-stream", bytes);
}

std::string invoke_complete(const stream_ending& ending) {
  nlohmann::ordered_json body = nlohmann::ordered_json::object();
  if (!ending.error_code.empty()) {
    body["ErrorCode"] = ending.error_code;
    body["ErrorDetails"] = ending.error_details;
  }
  if (!ending.log_tail.empty()) {
    body["LogResult"] = base64_encode(ending.log_tail);
  }
  // An error object of the function's own making may hold bytes that are not UTF-8.
  return message("InvokeComplete", "application/json",
                 body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace kelvin::frontdoor
