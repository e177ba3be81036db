#include "emulator/lab/summary.hpp"

#include "emulator/lab/bootstrap.hpp"
#include "tests/unit/lab/lab_samples.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace kelvin::test {
namespace {

using doctest::Approx;
using lab::summarize;

TEST_CASE("samples: none, too many and what is not finite are refused") {
  CHECK(contains(failure_text(lab::sample_set::of({}), errc::invalid_argument), "no samples"));
  const std::vector<double> many(lab::samples_max + 1, 1.0);
  CHECK(contains(failure_text(lab::sample_set::of(many), errc::invalid_argument), "10001 samples"));
  for (const double odd : {std::nan(""), std::numeric_limits<double>::infinity(), -HUGE_VAL}) {
    const std::vector<double> values = {1, odd, 3};
    CHECK(contains(failure_text(lab::sample_set::of(values), errc::invalid_argument), "sample 2 of 3"));
  }
  CHECK(lab::sample_set::of(std::vector<double>(lab::samples_max, 1.0)).has_value());
}

TEST_CASE("samples keep the order they were measured in") {
  const lab::sample_set made = samples({3, 1, 2});
  CHECK(std::vector<double>(made.values().begin(), made.values().end()) == std::vector<double>{3, 1, 2});
  CHECK(std::vector<double>(made.sorted().begin(), made.sorted().end()) == std::vector<double>{1, 2, 3});
}

TEST_CASE("a summary has the values that numpy computes, and keeps and counts outliers") {
  const lab::summary made = summarize(samples(ten));
  CHECK(made.n == 10);
  CHECK(made.min == 11.4);
  CHECK(made.p10 == Approx(11.85).epsilon(1e-12));
  CHECK(made.p50 == Approx(12.55).epsilon(1e-12));
  CHECK(made.p90 == Approx(17.71).epsilon(1e-12));
  CHECK(made.p99 == Approx(38.041).epsilon(1e-12));
  CHECK(made.max == 40.3);
  CHECK(made.mean == Approx(15.5).epsilon(1e-12));
  CHECK(made.mad == Approx(0.6).epsilon(1e-12));
  // p25 12.025 and p75 13.7 put the fences at 9.5125 and 16.2125.
  CHECK(made.outliers_low == 0);
  CHECK(made.outliers_high == 1);
}

TEST_CASE("outliers are beyond the fences, not on them") {
  // p25 2, p75 4: fences at -1 and 7.
  CHECK(summarize(samples({2, 2, 3, 4, 4})).outliers_high == 0);
  CHECK(summarize(samples({-1, 2, 2, 2, 3, 4, 4, 4, 7})).outliers_high == 0);
  CHECK(summarize(samples({-1, 2, 2, 2, 3, 4, 4, 4, 7})).outliers_low == 0);
  const lab::summary beyond = summarize(samples({-1.1, 2, 2, 2, 3, 4, 4, 4, 7.1}));
  CHECK(beyond.outliers_low == 1);
  CHECK(beyond.outliers_high == 1);
}

TEST_CASE("a summary of one, of two and of identical samples") {
  const lab::summary one = summarize(samples({5}));
  CHECK(one == lab::summary{1, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0});
  const lab::summary two = summarize(samples({3, 1}));
  CHECK(two.p50 == 2);
  CHECK(two.p10 == Approx(1.2));
  CHECK(two.mean == 2);
  CHECK(two.mad == 1);
  const lab::summary same = summarize(samples(std::vector<double>(7, 0.1)));
  CHECK(same == lab::summary{7, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0, 0, 0});
}

TEST_CASE("quantiles: both ends, and never outside of the samples") {
  const lab::sample_set made = samples(ten);
  CHECK(made.quantile(0) == 11.4);
  CHECK(made.quantile(1) == 40.3);
  double before = made.quantile(0);
  for (int step = 1; step <= 1000; ++step) {
    const double next = made.quantile(step / 1000.0);
    CHECK(next >= before);
    before = next;
  }
}

TEST_CASE("bootstrap: the same seed gives the same interval, another seed another") {
  const lab::sample_set made = samples(ten);
  const auto first = lab::median_interval(made, {.seed = 7});
  REQUIRE(succeeds(first));
  CHECK(*first == *lab::median_interval(made, {.seed = 7}));
  // Computed apart, by another program with the same generator: so it is on every machine.
  CHECK(first->low == Approx(12.0).epsilon(1e-12));
  CHECK(first->high == Approx(14.15).epsilon(1e-12));
  CHECK(first->estimate == made.median());
  CHECK(first->low <= first->estimate);
  CHECK(first->estimate <= first->high);
  CHECK(first->low >= 11.4);
  CHECK(first->high <= 40.3);
  const auto narrow = lab::median_interval(made, {.seed = 7, .confidence = 0.5});
  REQUIRE(succeeds(narrow));
  CHECK(narrow->high - narrow->low < first->high - first->low);
  // Medians of even counts fall on a few values only: two seeds in twenty that agree in all of them are no surprise.
  bool differs = false;
  for (std::uint64_t seed = 8; seed < 28; ++seed) {
    differs = differs || *lab::median_interval(made, {.seed = seed, .resamples = 100}) !=
                             *lab::median_interval(made, {.seed = 7, .resamples = 100});
  }
  CHECK(differs);
}

TEST_CASE("bootstrap: one sample and options out of range are refused, identical samples are certain") {
  CHECK(contains(failure_text(lab::median_interval(samples({5}), {}), errc::invalid_argument), "at least 2 starts"));
  const auto same = lab::median_interval(samples({5, 5, 5}), {});
  REQUIRE(succeeds(same));
  CHECK(*same == lab::interval{5, 5, 5});
  CHECK(succeeds(lab::median_interval(samples({1, 2}), {.resamples = 100})));
  for (const std::size_t odd : {0U, 99U, 100'001U}) {
    CHECK(contains(failure_text(lab::median_interval(samples({1, 2}), {.resamples = odd}), errc::invalid_argument),
                   "resamples"));
  }
  for (const double odd : {0.0, 1.0, -0.5, 95.0, std::nan("")}) {
    CHECK(contains(failure_text(lab::median_interval(samples({1, 2}), {.confidence = odd}), errc::invalid_argument),
                   "confidence"));
  }
}

TEST_CASE("bootstrap: the interval holds the true median about as often as it says") {
  // 60 samples of a uniform distribution with median 0.5, 300 times with fixed seeds: 0.95 are expected, and the
  // percentile bootstrap is a little short of it.
  std::mt19937_64 random(20);
  std::uniform_real_distribution<double> uniform(0, 1);
  int held = 0;
  for (std::uint64_t run = 0; run < 300; ++run) {
    std::vector<double> values(60);
    for (double& value : values) {
      value = uniform(random);
    }
    const auto made = lab::median_interval(samples(values), {.seed = run, .resamples = 400});
    REQUIRE(succeeds(made));
    held += made->low <= 0.5 && 0.5 <= made->high;
  }
  CHECK(held >= 270);
  CHECK(held <= 297);
}

}  // namespace
}  // namespace kelvin::test
