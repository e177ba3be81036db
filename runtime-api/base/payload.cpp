#include "runtime-api/base/payload.hpp"

#include <algorithm>

namespace kelvin {

std::span<char> payload::prepare(std::size_t count) {
  if (capacity_ - size_ < count) {
    const std::size_t wanted = std::max(size_ + count, capacity_ * 2);
    auto grown = std::make_unique_for_overwrite<char[]>(wanted);
    if (size_ != 0) {
      std::memcpy(grown.get(), bytes_.get(), size_);
    }
    bytes_ = std::move(grown);
    capacity_ = wanted;
  }
  return {bytes_.get() + size_, capacity_ - size_};
}

void payload::append(std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

}  // namespace kelvin
