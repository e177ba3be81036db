#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

/// Just enough HTTP/1.1 for measuring programs that speak to each other and to kelvin: one message with
/// Content-Length. Not a server for strangers.
namespace bench {

inline constexpr std::string_view next_request = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ";

inline bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size())
    return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    if ((left[index] | 0x20) != (right[index] | 0x20))
      return false;
  }
  return true;
}

/// The value of a header, or nothing. `head` ends in an empty line.
inline std::optional<std::string_view> find_header(std::string_view head, std::string_view name) noexcept {
  std::size_t line = head.find("\r\n");
  while (line != std::string_view::npos) {
    const std::size_t begin = line + 2;
    line = head.find("\r\n", begin);
    if (line == std::string_view::npos || line == begin)
      break;
    if (line - begin <= name.size() || head[begin + name.size()] != ':')
      continue;
    if (!equal_ignoring_case(head.substr(begin, name.size()), name))
      continue;
    std::string_view value = head.substr(begin + name.size() + 1, line - begin - name.size() - 1);
    while (!value.empty() && value.front() == ' ')
      value.remove_prefix(1);
    return value;
  }
  return std::nullopt;
}

/// Where one message ends. Both are 0 until the head is complete.
struct message_extent {
  std::size_t head_bytes = 0;
  std::size_t body_bytes = 0;
  bool understood = true;  ///< false: chunked or a broken length, which the bench does not speak
  bool complete_in(std::size_t size) const noexcept { return head_bytes != 0 && size >= head_bytes + body_bytes; }
};

inline message_extent measure_message(std::string_view bytes) noexcept {
  message_extent extent;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return extent;
  extent.head_bytes = end + 4;
  const std::string_view head = bytes.substr(0, extent.head_bytes);
  if (const auto length = find_header(head, "content-length")) {
    const auto parsed = std::from_chars(length->data(), length->data() + length->size(), extent.body_bytes);
    extent.understood = parsed.ec == std::errc() && parsed.ptr == length->data() + length->size();
  } else if (find_header(head, "transfer-encoding")) {
    extent.understood = false;
  }
  return extent;
}

/// The status of a response, 0 if it is none.
inline int status_of(std::string_view head) noexcept {
  int status = 0;
  if (head.size() >= 12 && head.substr(0, 7) == "HTTP/1.")
    std::from_chars(head.data() + 9, head.data() + 12, status);
  return status;
}

}  // namespace bench
