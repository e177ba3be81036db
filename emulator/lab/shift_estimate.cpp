#include "emulator/lab/shift_estimate.hpp"

#include "emulator/lab/rank_distribution.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <string>

namespace kelvin::lab {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Numbers in the order of the doubles they stand for, so that doubles can be halved like integers.
std::uint64_t order_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

double of_order(std::uint64_t order) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  return std::bit_cast<double>((order & sign) != 0 ? order & ~sign : ~order);
}

/// All combinations of a value of one sample with one of another. They grow with the first and fall with the second,
/// so that those up to a bound are counted in one walk along both and none of them has to be kept.
template <class Combine>
struct pairs {
  std::span<const double> first;
  std::span<const double> second;
  Combine combine;

  std::size_t count() const { return first.size() * second.size(); }

  std::size_t count_up_to(double bound) const {
    std::size_t counted = 0;
    std::size_t over = 0;  // so many of `second`, the smallest, combine to more than the bound
    for (const double value : first) {
      while (over < second.size() && combine(value, second[over]) > bound) {
        ++over;
      }
      counted += second.size() - over;
    }
    return counted;
  }

  /// The one of that rank, from 0. Halves the range of doubles until one is left.
  double at_rank(std::size_t rank) const {
    assert(rank < count());
    std::uint64_t low = order_of(-infinity);
    std::uint64_t high = order_of(infinity);
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      if (count_up_to(of_order(middle)) > rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return of_order(low) + 0.0;  // 0, never -0
  }

  double median() const {
    const double upper = at_rank(count() / 2);
    return count() % 2 == 1 ? upper : std::midpoint(at_rank(count() / 2 - 1), upper);
  }

  interval estimate(double confidence) const {
    interval made{-infinity, median(), infinity};
    if (const auto critical = critical_rank(first.size(), second.size(), (1 - confidence) / 2)) {
      made.low = at_rank(*critical);
      made.high = at_rank(count() - 1 - *critical);
    }
    return made;
  }
};

result<void> check_confidence(double confidence) {
  if (!(confidence > 0 && confidence < 1)) {
    return fail(errc::invalid_argument, "a confidence is over 0 and under 1, such as 0.95");
  }
  return {};
}

}  // namespace

result<interval> estimate_shift(const sample_set& first, const sample_set& second, double confidence) {
  if (auto checked = check_confidence(confidence); !checked) {
    return checked.error();
  }
  return pairs<std::minus<>>{first.sorted(), second.sorted(), {}}.estimate(confidence);
}

result<interval> estimate_ratio(const sample_set& first, const sample_set& second, double confidence) {
  if (auto checked = check_confidence(confidence); !checked) {
    return checked.error();
  }
  if (first.sorted().front() <= 0 || second.sorted().front() <= 0) {
    return fail(errc::invalid_argument, "a ratio is taken of samples over 0 only");
  }
  interval made = pairs<std::divides<>>{first.sorted(), second.sorted(), {}}.estimate(confidence);
  made.low = std::max(made.low, 0.0);
  return made;
}

}  // namespace kelvin::lab
