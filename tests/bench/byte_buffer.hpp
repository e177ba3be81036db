#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace bench {

/// Bytes read from a socket: grows without zero-filling, moves without copying.
class byte_buffer {
 public:
  byte_buffer() = default;
  byte_buffer(byte_buffer&& other) noexcept { swap(other); }
  byte_buffer& operator=(byte_buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  byte_buffer(const byte_buffer&) = delete;
  byte_buffer& operator=(const byte_buffer&) = delete;
  ~byte_buffer() { std::free(bytes_); }

  std::string_view view() const noexcept { return {bytes_, size_}; }
  std::size_t size() const noexcept { return size_; }
  char* end() noexcept { return bytes_ + size_; }
  std::size_t room() const noexcept { return capacity_ - size_; }

  /// Makes room for at least `count` more bytes; follow with commit().
  void reserve_room(std::size_t count) {
    if (room() >= count)
      return;
    std::size_t wanted = size_ + count;
    if (wanted < capacity_ * 2)
      wanted = capacity_ * 2;
    void* grown = std::realloc(bytes_, wanted);
    if (grown == nullptr)
      throw std::bad_alloc();
    bytes_ = static_cast<char*>(grown);
    capacity_ = wanted;
  }
  void commit(std::size_t count) noexcept { size_ += count; }

  /// Drops the first `count` bytes.
  void consume(std::size_t count) noexcept {
    if (count < size_)
      std::memmove(bytes_, bytes_ + count, size_ - count);
    size_ -= count;
  }

 private:
  void swap(byte_buffer& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace bench
