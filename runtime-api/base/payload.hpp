#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace kelvin {

/// Owned bytes of an event or an answer: movable, never copied by accident, never zero-filled, never
/// interpreted. Filled with prepare()/commit() straight from a socket, or by append().
class payload {
 public:
  payload() = default;
  explicit payload(std::string_view bytes) { append(bytes); }
  payload(payload&& other) noexcept { swap(other); }
  payload& operator=(payload&& other) noexcept {
    swap(other);
    return *this;
  }
  payload(const payload&) = delete;
  payload& operator=(const payload&) = delete;
  ~payload() = default;

  /// The bytes, as a view that lasts until the payload is changed or destroyed.
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// At least `count` writable bytes behind what is held; grows by doubling. Follow with commit().
  std::span<char> prepare(std::size_t count);
  /// Takes `count` of the prepared bytes as content.
  void commit(std::size_t count) noexcept { size_ += count; }
  void append(std::string_view bytes);
  void clear() noexcept { size_ = 0; }
  /// A second, independent copy: for the few who must keep what they pass on.
  payload clone() const { return payload(view()); }

 private:
  void swap(payload& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace kelvin
