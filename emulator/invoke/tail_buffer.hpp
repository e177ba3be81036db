#pragma once

#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace kelvin {

/// The last 4 KiB of an invocation's log, START to REPORT, for X-Amz-Log-Result. A ring of fixed
/// size: it never allocates, and what was pushed out is gone.
class tail_buffer {
 public:
  static constexpr std::size_t capacity_bytes = limits::log_tail_bytes;

  void clear() noexcept { size_ = begin_ = 0; }

  /// Takes text as it is, newlines included.
  void append(std::string_view text) noexcept {
    if (text.size() > capacity_bytes) {
      text.remove_prefix(text.size() - capacity_bytes);
    }
    const std::size_t end = (begin_ + size_) % capacity_bytes;
    const std::size_t first = std::min(text.size(), capacity_bytes - end);
    std::memcpy(bytes_.data() + end, text.data(), first);
    std::memcpy(bytes_.data(), text.data() + first, text.size() - first);
    const std::size_t pushed_out = size_ + text.size() > capacity_bytes ? size_ + text.size() - capacity_bytes : 0;
    begin_ = (begin_ + pushed_out) % capacity_bytes;
    size_ += text.size() - pushed_out;
  }

  /// A copy of what is held, oldest byte first; at most `capacity_bytes`.
  std::string text() const {
    std::string copy;
    copy.reserve(size_);
    const std::size_t first = std::min(size_, capacity_bytes - begin_);
    copy.append(bytes_.data() + begin_, first);
    copy.append(bytes_.data(), size_ - first);
    return copy;
  }

 private:
  std::array<char, capacity_bytes> bytes_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace kelvin
