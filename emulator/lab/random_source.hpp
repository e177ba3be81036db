#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace kelvin::lab {

/// Random numbers of a seed: the same on every machine and with every standard library, which std's distributions and
/// std::shuffle are not.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in 0 … bound-1. Precondition: bound > 0.
  std::size_t below(std::size_t bound) {
    // What is left over of the engine's range would make the first numbers likelier: it is drawn again.
    const std::uint64_t uneven = (std::uint64_t{0} - bound) % bound;
    std::uint64_t drawn = engine_();
    while (drawn < uneven) {
      drawn = engine_();
    }
    return static_cast<std::size_t>(drawn % bound);
  }

  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t left = items.size(); left > 1; --left) {
      std::swap(items[left - 1], items[below(left)]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace kelvin::lab
