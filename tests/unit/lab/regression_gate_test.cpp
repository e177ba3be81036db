#include "emulator/lab/regression_gate.hpp"

#include "emulator/lab/rank_distribution.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/unit/lab/lab_samples.hpp"

#include <doctest/doctest.h>
#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <numeric>

namespace kelvin::test {
namespace {

using doctest::Approx;
using lab::gate_decision;
using lab::gate_options;
using lab::gate_verdict;

gate_decision decide(const std::vector<double>& baseline, const std::vector<double>& candidate,
                     const gate_options& options = {}) {
  auto made = lab::decide_regression(samples(baseline), samples(candidate), options);
  REQUIRE(succeeds(made));
  return *made;
}

struct verdict_counts {
  int none = 0;
  int regression = 0;
  int undecided = 0;
};

/// Decides `runs` times of new samples; the candidate's are `factor` times as long.
verdict_counts decide_often(int runs, std::size_t starts, double factor, const gate_options& options,
                            std::mt19937_64& random) {
  verdict_counts counts;
  for (int run = 0; run < runs; ++run) {
    const auto baseline = start_times(random, starts);
    const auto verdict = decide(baseline, start_times(random, starts, factor), options).verdict;
    counts.none += verdict == gate_verdict::none;
    counts.regression += verdict == gate_verdict::regression;
    counts.undecided += verdict == gate_verdict::undecided;
  }
  return counts;
}

/// Whether so many of `runs` can be chance at that rate: a right program fails this less than once in a million times.
bool not_more_than_chance(int count, int runs, double rate) {
  const boost::math::binomial drawn(runs, rate);
  return count == 0 || boost::math::cdf(boost::math::complement(drawn, count - 1)) > 5e-7;
}
bool within_binomial_bounds(int count, int runs, double rate) {
  return not_more_than_chance(count, runs, rate) && boost::math::cdf(boost::math::binomial(runs, rate), count) > 5e-7;
}

/// The rate that the rank test really has: U takes whole values only, so it stays a little below 2.5 %.
double rate_of(std::size_t starts) {
  const auto probabilities = lab::rank_distribution(starts, starts);
  const auto critical = lab::critical_rank(starts, starts, 0.025);
  REQUIRE(critical.has_value());
  return std::accumulate(probabilities.begin(), probabilities.begin() + static_cast<std::ptrdiff_t>(*critical) + 1,
                         0.0);
}

TEST_CASE("gate: A against A has the false-alarm rate that the test claims") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  for (const int runs : {200, 2'000}) {
    CAPTURE(runs);
    // Where equal code is just allowed, the claim is met as nearly as whole numbers let it.
    const verdict_counts strict = decide_often(runs, 20, 1, {.max_regression = 0}, random);
    CHECK(rate_of(20) == Approx(0.0245).epsilon(0.01));
    CHECK_MESSAGE(within_binomial_bounds(strict.regression, runs, rate_of(20)), strict.regression, " of ", runs);
    CHECK_MESSAGE(within_binomial_bounds(strict.none, runs, rate_of(20)), strict.none, " of ", runs);
    // Under a limit of 10 % it is hardly ever met: at most as often.
    const verdict_counts usual = decide_often(runs, 20, 1, {}, random);
    CHECK_MESSAGE(usual.regression <= strict.regression + runs / 50, usual.regression, " of ", runs);
    CHECK_MESSAGE(usual.none > runs * 9 / 10, usual.none, " of ", runs);
  }
}

TEST_CASE("gate: at the limit itself both mistakes are as rare as the test claims") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  const verdict_counts counts = decide_often(1'000, 30, 1.1, {}, random);
  CHECK_MESSAGE(within_binomial_bounds(counts.regression, 1'000, rate_of(30)), counts.regression);
  CHECK_MESSAGE(within_binomial_bounds(counts.none, 1'000, rate_of(30)), counts.none);
}

TEST_CASE("gate: of all arrangements of equal code the claimed share at most is a false alarm") {
  for (const std::size_t starts : {4U, 5U, 6U}) {
    CAPTURE(starts);
    std::vector<bool> of_candidate(2 * starts, false);
    std::fill(of_candidate.begin(), of_candidate.begin() + static_cast<std::ptrdiff_t>(starts), true);
    double arrangements = 0;
    double alarms = 0;
    double passes = 0;
    do {
      std::vector<double> sides[2];
      for (std::size_t rank = 0; rank < of_candidate.size(); ++rank) {
        sides[of_candidate[rank] ? 1 : 0].push_back(10 + static_cast<double>(rank));
      }
      const gate_verdict verdict = decide(sides[0], sides[1], {.max_regression = 0}).verdict;
      ++arrangements;
      alarms += verdict == gate_verdict::regression;
      passes += verdict == gate_verdict::none;
    } while (std::prev_permutation(of_candidate.begin(), of_candidate.end()));
    CHECK(alarms > 0);
    CHECK(alarms / arrangements == Approx(rate_of(starts)));
    CHECK(passes == alarms);
    CHECK(alarms / arrangements <= 0.025);
  }
}

TEST_CASE("gate: several comparisons share the false alarms of one") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  const gate_options of_five = {.max_regression = 0, .comparisons = 5};
  int runs_with_alarm = 0;
  for (int run = 0; run < 400; ++run) {
    runs_with_alarm += decide_often(5, 20, 1, of_five, random).regression > 0;
  }
  CHECK_MESSAGE(not_more_than_chance(runs_with_alarm, 400, 0.025), runs_with_alarm);
  CHECK(decide(ten, eight, of_five).confidence == Approx(0.99));
}

TEST_CASE("gate: a shift of 20 % is found under a limit of 10 %, and half a shift is no regression") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  const verdict_counts slower = decide_often(200, 20, 1.2, {}, random);
  CHECK_MESSAGE(slower.regression >= 180, slower.regression, " of 200");
  CHECK_MESSAGE(slower.none == 0, slower.none, " of 200");
  const verdict_counts faster = decide_often(200, 20, 0.8, {}, random);
  CHECK(faster.none == 200);
}

TEST_CASE("gate: the number of starts that it names decides") {
  const unsigned seed = random_seed();
  INFO("KELVIN_TEST_SEED=", seed);
  std::mt19937_64 random(seed);
  int decided = 0;
  int asked = 0;
  for (int run = 0; run < 300; ++run) {
    const gate_decision first = decide(start_times(random, 12), start_times(random, 12, 1.0), {.max_regression = 0.06});
    if (first.verdict != gate_verdict::undecided || !first.starts_of_both || *first.starts_of_both > 400) {
      continue;
    }
    ++asked;
    CHECK(*first.starts_of_both > 12);
    const std::size_t starts = *first.starts_of_both;
    const auto again = decide(start_times(random, starts), start_times(random, starts), {.max_regression = 0.06});
    decided += again.verdict != gate_verdict::undecided;
  }
  // Twelve starts know little of the truth, so it is fewer than nine of ten; but far more than with twelve again.
  REQUIRE(asked > 20);
  CHECK_MESSAGE(decided * 10 >= asked * 5, decided, " of ", asked);
}

TEST_CASE("gate: starts of the candidate alone do where the baseline has enough, else both are named") {
  std::vector<double> baseline(1'000);
  for (std::size_t index = 0; index < baseline.size(); ++index) {
    baseline[index] = 10 + 0.002 * static_cast<double>(index);
  }
  // A value of the candidate is greater with a probability of 0.55.
  const gate_decision much =
      decide(baseline, {10.2, 10.4, 10.6, 10.8, 11, 11.2, 11.4, 11.6, 11.8, 12}, {.max_regression = 0});
  REQUIRE(much.verdict == gate_verdict::undecided);
  REQUIRE(much.starts_of_candidate.has_value());
  // 2 / (12 · 0.05² / (1.96 + 1.28)²) of both.
  CHECK(much.starts_of_both.value_or(0) > 680);
  CHECK(much.starts_of_both.value_or(0) < 720);
  CHECK(*much.starts_of_candidate > 500);
  CHECK(*much.starts_of_candidate < *much.starts_of_both);
  CHECK(contains(describe(much), "about " + std::to_string(*much.starts_of_candidate) + " against this baseline"));
  const gate_decision little = decide({10, 11, 12}, {10.5, 11.5, 12.6});
  REQUIRE(little.verdict == gate_verdict::undecided);
  CHECK_FALSE(little.starts_of_candidate.has_value());
  REQUIRE(little.starts_of_both.has_value());
  CHECK(contains(describe(little), "about " + std::to_string(*little.starts_of_both) + " of both would decide"));
  CHECK(contains(describe(little), "interval unknown, too few starts"));
}

TEST_CASE("gate: identical samples are decided, at any limit") {
  const std::vector<double> same(20, 12.5);
  const gate_decision equal = decide(same, same, {.max_regression = 0});
  CHECK(equal.verdict == gate_verdict::none);
  CHECK(equal.ratio == lab::interval{1, 1, 1});
  CHECK(equal.difference.p_two_sided == 1);
  CHECK(decide(same, std::vector<double>(20, 13.7)).verdict == gate_verdict::none);
  CHECK(decide(same, std::vector<double>(20, 13.8)).verdict == gate_verdict::regression);
}

TEST_CASE("gate: two starts on each side decide nothing") {
  const gate_decision two = decide({10, 11}, {20, 21});
  CHECK(two.verdict == gate_verdict::undecided);
  CHECK(two.ratio.low == 0);
  CHECK(two.ratio.high == HUGE_VAL);
  CHECK(two.starts_of_both.value_or(0) > 3);
}

TEST_CASE("gate: where the ratio is the limit itself no number of starts is named") {
  const gate_decision at_limit = decide({10, 11, 12, 13, 14, 15}, {10, 11, 12, 13, 14, 15}, {.max_regression = 0});
  CHECK(at_limit.verdict == gate_verdict::undecided);
  CHECK_FALSE(at_limit.starts_of_both.has_value());
  CHECK_FALSE(at_limit.starts_of_candidate.has_value());
  CHECK(contains(describe(at_limit), "hardly decide"));
}

TEST_CASE("gate: what cannot be compared is refused") {
  const auto refused = [](const std::vector<double>& baseline, const std::vector<double>& candidate,
                          const gate_options& options = {}) {
    return failure_text(lab::decide_regression(samples(baseline), samples(candidate), options), errc::invalid_argument);
  };
  CHECK(contains(refused({1}, {1, 2}), "the baseline has one start only"));
  CHECK(contains(refused({1, 2}, {1}), "the target has one start only"));
  CHECK(contains(refused({0, 1}, {1, 2}), "over 0"));
  for (const double odd : {-0.01, 10.01, std::nan("")}) {
    CHECK(contains(refused({1, 2}, {1, 2}, {.max_regression = odd}), "0% to 1000%"));
  }
  for (const double odd : {0.49, 1.0, std::nan("")}) {
    CHECK(contains(refused({1, 2}, {1, 2}, {.confidence = odd}), "confidence"));
  }
  CHECK(contains(refused({1, 2}, {1, 2}, {.comparisons = 0}), "one comparison"));
}

TEST_CASE("gate: exit statuses and sentences") {
  CHECK(exit_status(gate_verdict::none) == 0);
  CHECK(exit_status(gate_verdict::regression) == 1);
  CHECK(exit_status(gate_verdict::undecided) == 4);
  CHECK(name_of(gate_verdict::none) == "none");
  CHECK(name_of(gate_verdict::regression) == "regression");
  CHECK(name_of(gate_verdict::undecided) == "undecided");
  CHECK(describe(decide(std::vector<double>(9, 12.5), std::vector<double>(9, 13.0))) ==
        "no regression: 1.04 times the baseline's 12.5 ms (95 % interval 1.04 to 1.04, allowed 1.1)");
  CHECK(describe(decide(std::vector<double>(9, 12.5), std::vector<double>(9, 25.0))) ==
        "regression: 2 times the baseline's 12.5 ms (95 % interval 2 to 2, allowed 1.1)");
}

TEST_CASE("gate: shares in percent") {
  const auto share = [](std::string_view text) {
    const auto read = lab::read_percent(text);
    REQUIRE(succeeds(read));
    return *read;
  };
  CHECK(share("10%") == Approx(0.1));
  CHECK(share("7.5 %") == Approx(0.075));
  CHECK(share("0%") == 0);
  CHECK(share("1000%") == 10);
  for (const char* odd :
       {"", "%", "10", "0.1", "-1%", "1001%", "ten%", "10%%", "10  %", "10% ", "nan%", "inf%", " 5%"}) {
    CAPTURE(odd);
    CHECK(contains(failure_text(lab::read_percent(odd), errc::invalid_argument), "such as 10%"));
  }
}

}  // namespace
}  // namespace kelvin::test
