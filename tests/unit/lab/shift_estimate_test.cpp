#include "emulator/lab/shift_estimate.hpp"

#include "emulator/lab/rank_test.hpp"
#include "tests/unit/lab/lab_samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace kelvin::test {
namespace {

using doctest::Approx;
using lab::estimate_ratio;
using lab::estimate_shift;

TEST_CASE("Hodges-Lehmann: shift and ratio with their intervals") {
  // Order statistics of all 80 differences and ratios; the critical rank is 17.
  const auto shift = estimate_shift(samples(ten), samples(eight), 0.95);
  REQUIRE(succeeds(shift));
  CHECK(shift->estimate == Approx(-0.6).epsilon(1e-12));
  CHECK(shift->low == Approx(-1.7).epsilon(1e-12));
  CHECK(shift->high == Approx(0.9).epsilon(1e-12));
  const auto ratio = estimate_ratio(samples(ten), samples(eight), 0.95);
  REQUIRE(succeeds(ratio));
  CHECK(ratio->estimate == Approx(0.9531135531135532).epsilon(1e-12));
  CHECK(ratio->low == Approx(0.8759124087591241).epsilon(1e-12));
  CHECK(ratio->high == Approx(1.0737704918032787).epsilon(1e-12));
}

TEST_CASE("Hodges-Lehmann: the estimate is the median of all pairs, whatever their signs") {
  std::mt19937_64 random(4);
  std::uniform_int_distribution<int> value_of(-9, 9);
  std::uniform_int_distribution<std::size_t> size_of(1, 12);
  for (int run = 0; run < 300; ++run) {
    std::vector<double> first(size_of(random));
    std::vector<double> second(size_of(random));
    for (auto* values : {&first, &second}) {
      for (double& value : *values) {
        value = value_of(random) / 4.0;
      }
    }
    std::vector<double> differences;
    for (const double one : first) {
      for (const double other : second) {
        differences.push_back(one - other);
      }
    }
    const auto shift = estimate_shift(samples(first), samples(second), 0.95);
    REQUIRE(succeeds(shift));
    CHECK(shift->estimate == samples(differences).median());
    CHECK(shift->low <= shift->estimate);
    CHECK(shift->estimate <= shift->high);
    CHECK_FALSE(std::signbit(shift->estimate == 0 ? shift->estimate : 1.0));
  }
}

TEST_CASE("Hodges-Lehmann: the interval holds what the rank test does not refuse, and nothing else") {
  // Moving the second sample to either side of a bound decides the test at 2.5 % on that side.
  std::mt19937_64 random(5);
  std::uniform_int_distribution<std::size_t> size_of(4, 25);
  for (int run = 0; run < 100; ++run) {
    const std::vector<double> first = start_times(random, size_of(random));
    const std::vector<double> second = start_times(random, size_of(random));
    const auto shift = estimate_shift(samples(first), samples(second), 0.95);
    REQUIRE(succeeds(shift));
    const auto moved = [&](double by) {
      std::vector<double> values = second;
      for (double& value : values) {
        value += by;
      }
      return compare_ranks(samples(first), samples(values));
    };
    CHECK(moved(shift->low - 1e-9).p_greater <= 0.025);
    CHECK(moved(shift->low + 1e-9).p_greater > 0.025);
    CHECK(moved(shift->high + 1e-9).p_less <= 0.025);
    CHECK(moved(shift->high - 1e-9).p_less > 0.025);
  }
}

TEST_CASE("Hodges-Lehmann: too few samples leave the bounds open, identical ones close them") {
  const auto few = estimate_shift(samples({1, 2, 3}), samples({4, 5, 6}), 0.95);
  REQUIRE(succeeds(few));
  CHECK(few->estimate == -3);
  CHECK(few->low == -HUGE_VAL);
  CHECK(few->high == HUGE_VAL);
  const auto ratio = estimate_ratio(samples({2}), samples({4}), 0.95);
  REQUIRE(succeeds(ratio));
  CHECK(*ratio == lab::interval{0, 0.5, HUGE_VAL});
  const std::vector<double> same(20, 0.1);
  CHECK(*estimate_ratio(samples(same), samples(same), 0.95) == lab::interval{1, 1, 1});
  CHECK(*estimate_shift(samples(same), samples(same), 0.95) == lab::interval{0, 0, 0});
}

TEST_CASE("Hodges-Lehmann: as many samples as there may be need no memory for their pairs") {
  std::mt19937_64 random(6);
  const lab::sample_set first = samples(start_times(random, lab::samples_max, 1.5));
  const lab::sample_set second = samples(start_times(random, lab::samples_max));
  const auto ratio = estimate_ratio(first, second, 0.95);
  REQUIRE(succeeds(ratio));
  CHECK(ratio->low < 1.5);
  CHECK(ratio->low > 1.49);
  CHECK(ratio->high > ratio->estimate);
  CHECK(ratio->high < 1.51);
}

TEST_CASE("Hodges-Lehmann: a confidence out of range and a ratio of nothing are refused") {
  for (const double odd : {0.0, 1.0, std::nan("")}) {
    CHECK(contains(failure_text(estimate_shift(samples({1}), samples({2}), odd), errc::invalid_argument), "0.95"));
    CHECK(contains(failure_text(estimate_ratio(samples({1}), samples({2}), odd), errc::invalid_argument), "0.95"));
  }
  CHECK(contains(failure_text(estimate_ratio(samples({0, 1}), samples({2}), 0.95), errc::invalid_argument), "over 0"));
  CHECK(contains(failure_text(estimate_ratio(samples({1}), samples({-2, 2}), 0.95), errc::invalid_argument), "over 0"));
}

}  // namespace
}  // namespace kelvin::test
