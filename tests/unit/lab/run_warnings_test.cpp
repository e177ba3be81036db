#include "emulator/lab/busy_machine.hpp"
#include "emulator/lab/drift.hpp"
#include "emulator/lab/schedule.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/unit/lab/lab_samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

namespace kelvin::test {
namespace {

using doctest::Approx;
using namespace std::chrono_literals;

lab::drift drift_of(const std::vector<double>& values) {
  const auto found = lab::find_drift(samples(values));
  REQUIRE(found.has_value());
  return *found;
}

TEST_CASE("drift: Mann-Kendall's figures") {
  const lab::drift rising = drift_of({10.0, 10.4, 10.1, 10.9, 10.8, 11.2, 11.0, 11.6, 11.4, 12.0, 11.9, 12.3});
  CHECK(rising.s == 56);
  CHECK(rising.p_two_sided == Approx(0.00016227556647604302).epsilon(1e-10));
  CHECK(rising.change == Approx(11.95 / 10.25 - 1));
  CHECK(rising.drifts);
  const lab::drift tied = drift_of({5, 5, 6, 6, 7, 5, 6, 7, 8, 8});
  CHECK(tied.s == 29);
  CHECK(tied.p_two_sided == Approx(0.009228317534058773).epsilon(1e-10));
  const lab::drift none = drift_of({3, 9, 1, 7, 5, 8, 2, 6, 4, 10});
  CHECK(none.s == 7);
  CHECK(none.p_two_sided == Approx(0.5915050369949166).epsilon(1e-10));
  CHECK_FALSE(none.drifts);
}

TEST_CASE("drift: falling is drift too, and a trend without weight is none") {
  std::vector<double> values(40);
  for (std::size_t index = 0; index < values.size(); ++index) {
    values[index] = 20 - 0.1 * static_cast<double>(index);
  }
  const lab::drift falling = drift_of(values);
  CHECK(falling.drifts);
  CHECK(falling.change < -0.1);
  CHECK(contains(describe_drift("api", falling), "api: starts took 13.92 % less"));
  for (double& value : values) {
    value = 100 + value / 100;
  }
  const lab::drift light = drift_of(values);
  CHECK(light.p_two_sided < 1e-6);
  CHECK_FALSE(light.drifts);
}

TEST_CASE("drift: identical samples have none, and few say nothing") {
  const lab::drift same = drift_of(std::vector<double>(20, 3.5));
  CHECK(same.s == 0);
  CHECK(same.p_two_sided == 1);
  CHECK(same.change == 0);
  CHECK_FALSE(same.drifts);
  CHECK_FALSE(drift_of(std::vector<double>(20, 0.0)).drifts);
  CHECK_FALSE(lab::find_drift(samples({1, 2, 3, 4, 5, 6, 7, 8, 9})).has_value());
  CHECK(lab::find_drift(samples({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})).has_value());
}

TEST_CASE("drift: runs without a trend are rarely said to have one") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  int warned = 0;
  for (int run = 0; run < 1'000; ++run) {
    warned += drift_of(start_times(random, 20)).drifts;
  }
  // One in a hundred is claimed at most; 30 of 1,000 are one in ten million at that rate.
  CHECK_MESSAGE(warned <= 30, warned, " of 1000");
}

TEST_CASE("busy machine: over 5 % of all processors' time that is not kelvin's own") {
  CHECK(lab::share_of_others({.machine = 3s, .own_tree = 1s, .elapsed = 10s, .processors = 2}) == Approx(0.1));
  CHECK_FALSE(lab::machine_is_busy({.machine = 2s, .own_tree = 1s, .elapsed = 10s, .processors = 2}));
  CHECK(lab::machine_is_busy({.machine = 2001ms, .own_tree = 1s, .elapsed = 10s, .processors = 2}));
  CHECK_FALSE(lab::machine_is_busy({.machine = 20s, .own_tree = 19500ms, .elapsed = 10s, .processors = 2}));
  CHECK(lab::share_of_others({.machine = 1s, .own_tree = 2s, .elapsed = 10s, .processors = 1}) == 0);
  CHECK(lab::share_of_others({.machine = 9s, .own_tree = 0s, .elapsed = 1s, .processors = 1}) == 1);
  CHECK(lab::share_of_others({}) == 0);
  CHECK(contains(lab::describe_busy({.machine = 3s, .own_tree = 1s, .elapsed = 10s, .processors = 2}),
                 "other processes used 10 % of the machine's CPU time"));
}

TEST_CASE("schedule: every round starts every target once, in orders of its own") {
  const auto order = lab::interleave(4, 50, 11);
  REQUIRE(succeeds(order));
  REQUIRE(order->size() == 200);
  std::set<std::vector<std::size_t>> orders;
  for (auto round = order->begin(); round != order->end(); round += 4) {
    std::vector<std::size_t> targets(round, round + 4);
    orders.insert(targets);
    std::sort(targets.begin(), targets.end());
    CHECK(targets == std::vector<std::size_t>{0, 1, 2, 3});
  }
  CHECK(orders.size() > 10);
}

TEST_CASE("schedule: the order is the seed's on every machine") {
  CHECK(*lab::interleave(3, 4, 1) == std::vector<std::size_t>{1, 0, 2, 1, 2, 0, 2, 1, 0, 0, 1, 2});
  CHECK(*lab::interleave(3, 20, 1) != *lab::interleave(3, 20, 2));
  CHECK(*lab::interleave(1, 3, 5) == std::vector<std::size_t>{0, 0, 0});
}

TEST_CASE("schedule: each order of three targets is drawn about as often") {
  const auto order = lab::interleave(3, 6'000, 17);
  REQUIRE(succeeds(order));
  std::map<std::vector<std::size_t>, int> counts;
  for (auto round = order->begin(); round != order->end(); round += 3) {
    ++counts[std::vector<std::size_t>(round, round + 3)];
  }
  REQUIRE(counts.size() == 6);
  for (const auto& [targets, count] : counts) {
    CHECK(count > 850);
    CHECK(count < 1'150);
  }
}

TEST_CASE("schedule: one start and numbers out of range are refused") {
  CHECK(contains(failure_text(lab::interleave(1, 1, 0), errc::invalid_argument), "1 start tells nothing"));
  CHECK(contains(failure_text(lab::interleave(1, 0, 0), errc::invalid_argument), "0 starts tell nothing"));
  CHECK(contains(failure_text(lab::interleave(1, 10'001, 0), errc::invalid_argument), "2 to 10000"));
  CHECK(contains(failure_text(lab::interleave(0, 2, 0), errc::invalid_argument), "not 0"));
  CHECK(contains(failure_text(lab::interleave(65, 2, 0), errc::invalid_argument), "1 to 64 targets"));
  CHECK(lab::interleave(64, 2, 0)->size() == 128);
}

}  // namespace
}  // namespace kelvin::test
