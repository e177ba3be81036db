#include "emulator/lab/rank_test.hpp"

#include "emulator/lab/rank_distribution.hpp"
#include "tests/unit/lab/lab_samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace kelvin::test {
namespace {

using doctest::Approx;
using lab::compare_ranks;

double cumulative(std::size_t first, std::size_t second, std::size_t u) {
  const std::vector<double> probabilities = lab::rank_distribution(first, second);
  return std::accumulate(probabilities.begin(), probabilities.begin() + static_cast<std::ptrdiff_t>(u) + 1, 0.0);
}

/// Every way in which `first` of `all` ranks can belong to the first sample, by U.
std::vector<double> counted_out(std::size_t first, std::size_t second) {
  std::vector<double> counts(first * second + 1, 0);
  std::vector<bool> is_first(first + second, false);
  std::fill(is_first.begin(), is_first.begin() + static_cast<std::ptrdiff_t>(first), true);
  double arrangements = 0;
  do {
    std::size_t u = 0;
    std::size_t below = 0;
    for (const bool of_first : is_first) {
      u += of_first ? below : 0;
      below += of_first ? 0 : 1;
    }
    counts[u] += 1;
    ++arrangements;
  } while (std::prev_permutation(is_first.begin(), is_first.end()));
  for (double& count : counts) {
    count /= arrangements;
  }
  return counts;
}

TEST_CASE("the distribution of U is that of all arrangements, counted one by one") {
  for (std::size_t first = 1; first <= 7; ++first) {
    for (std::size_t second = 1; second <= 7; ++second) {
      CAPTURE(first);
      CAPTURE(second);
      const std::vector<double> expected = counted_out(first, second);
      const std::vector<double> found = lab::rank_distribution(first, second);
      REQUIRE(found.size() == expected.size());
      for (std::size_t u = 0; u < found.size(); ++u) {
        CHECK(found[u] == Approx(expected[u]).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("the distribution of U has the values that scipy computes") {
  CHECK(cumulative(3, 4, 2) == Approx(0.11428571428571428).epsilon(1e-12));
  CHECK(cumulative(8, 8, 13) == Approx(0.02494172494172494).epsilon(1e-12));
  CHECK(cumulative(20, 20, 127) == Approx(0.02454516259468622).epsilon(1e-11));
  CHECK(cumulative(20, 20, 128) == Approx(0.02619976093642486).epsilon(1e-11));
  CHECK(cumulative(50, 50, 965) == Approx(0.024773861799422942).epsilon(1e-10));
  CHECK(cumulative(50, 30, 500) == Approx(0.006273484274194323).epsilon(1e-10));
  CHECK(cumulative(1, 1, 0) == 0.5);
  CHECK(cumulative(50, 50, 2500) == Approx(1).epsilon(1e-10));
}

TEST_CASE("critical ranks: exact ones, none for few samples, and the approximation joins without a gap") {
  CHECK(lab::critical_rank(3, 3, 0.025) == std::nullopt);
  CHECK(lab::critical_rank(1, 50, 0.01) == std::nullopt);
  CHECK(lab::critical_rank(1, 51, 0.01) == std::nullopt);
  CHECK(lab::critical_rank(4, 4, 0.025) == 0);
  CHECK(lab::critical_rank(5, 5, 0.025) == 2);
  CHECK(lab::critical_rank(3, 10, 0.025) == 3);
  CHECK(lab::critical_rank(10, 3, 0.025) == 3);
  CHECK(lab::critical_rank(20, 20, 0.025) == 127);
  CHECK(lab::critical_rank(50, 50, 0.025) == 965);
  const auto beyond = lab::critical_rank(51, 51, 0.025);
  REQUIRE(beyond.has_value());
  CHECK(*beyond > 965);
  CHECK(*beyond < 1020);
}

TEST_CASE("Mann-Whitney: exact probabilities are those of scipy") {
  const lab::rank_test test = compare_ranks(samples(ten), samples(eight));
  CHECK(test.exact);
  CHECK(test.u == 28);
  CHECK(test.p_two_sided == Approx(0.3154166095342566).epsilon(1e-12));
  CHECK(test.p_greater == Approx(0.8628593628593629).epsilon(1e-12));
  CHECK(test.p_less == Approx(0.1577083047671283).epsilon(1e-12));
  CHECK(test.first_greater == Approx(0.35));
  CHECK(test.cliffs_delta == Approx(-0.3));
  CHECK(test.magnitude() == lab::effect_magnitude::small);
  const lab::rank_test mirrored = compare_ranks(samples(eight), samples(ten));
  CHECK(mirrored.u == 52);
  CHECK(mirrored.p_greater == Approx(test.p_less));
  CHECK(mirrored.p_two_sided == Approx(test.p_two_sided));
  CHECK(mirrored.cliffs_delta == Approx(0.3));
}

TEST_CASE("Mann-Whitney: with ties, and beyond the exact sizes, probabilities are those of scipy") {
  const lab::rank_test tied = compare_ranks(samples({1, 2, 2, 3, 3, 3, 4, 5}), samples({2, 3, 4, 4, 5, 5, 6, 7, 7}));
  CHECK_FALSE(tied.exact);
  CHECK(tied.u == 13.5);
  CHECK(tied.p_two_sided == Approx(0.03175895714806371).epsilon(1e-10));
  CHECK(tied.p_greater == Approx(0.9876172774448116).epsilon(1e-10));
  CHECK(tied.p_less == Approx(0.015879478574031856).epsilon(1e-10));
  std::vector<double> sixty;
  std::vector<double> seventy;
  for (int index = 0; index < 60; ++index) {
    sixty.push_back(index * 37 % 101 + 0.25 * index);
  }
  for (int index = 0; index < 70; ++index) {
    seventy.push_back(index * 53 % 97 + 0.3 * index + 4.0625);
  }
  const lab::rank_test many = compare_ranks(samples(sixty), samples(seventy));
  CHECK_FALSE(many.exact);
  CHECK(many.u == 1947);
  CHECK(many.p_two_sided == Approx(0.47634276017662436).epsilon(1e-10));
  CHECK(many.p_less == Approx(0.23817138008831218).epsilon(1e-10));
}

TEST_CASE("Mann-Whitney: identical samples, one value each, and complete separation") {
  const lab::rank_test same = compare_ranks(samples(std::vector<double>(9, 0.3)), samples(std::vector<double>(5, 0.3)));
  CHECK(same.p_two_sided == 1);
  CHECK(same.p_greater == 1);
  CHECK(same.p_less == 1);
  CHECK(same.cliffs_delta == 0);
  CHECK(same.magnitude() == lab::effect_magnitude::negligible);
  const lab::rank_test single = compare_ranks(samples({2}), samples({1}));
  CHECK(single.exact);
  CHECK(single.u == 1);
  CHECK(single.p_greater == 0.5);
  CHECK(single.p_two_sided == 1);
  const lab::rank_test apart = compare_ranks(samples({5, 6, 7}), samples({1, 2, 3, 4}));
  CHECK(apart.cliffs_delta == 1);
  CHECK(apart.first_greater == 1);
  CHECK(apart.p_greater == Approx(1 / 35.0).epsilon(1e-12));
  CHECK(apart.p_less == Approx(1).epsilon(1e-12));
  CHECK(apart.magnitude() == lab::effect_magnitude::large);
}

TEST_CASE("U counts the pairs, and the effect size is their share") {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<int> few(0, 9);
  for (int run = 0; run < 200; ++run) {
    std::vector<double> first(1 + static_cast<std::size_t>(few(random)));
    std::vector<double> second(1 + static_cast<std::size_t>(few(random)));
    for (auto* values : {&first, &second}) {
      for (double& value : *values) {
        value = few(random);
      }
    }
    double pairs = 0;
    for (const double one : first) {
      for (const double other : second) {
        pairs += one > other ? 1 : one == other ? 0.5 : 0;
      }
    }
    const lab::rank_test test = compare_ranks(samples(first), samples(second));
    CHECK(test.u == pairs);
    CHECK(test.first_greater == Approx(pairs / static_cast<double>(first.size() * second.size())));
    CHECK(test.p_two_sided > 0);
    CHECK(test.p_two_sided <= 1);
    CHECK(test.p_greater + test.p_less >= 1);
  }
}

TEST_CASE("effect sizes in words") {
  const auto word = [](double delta) {
    lab::rank_test test;
    test.cliffs_delta = delta;
    return std::string(name_of(test.magnitude()));
  };
  CHECK(word(0.146) == "negligible");
  CHECK(word(-0.147) == "small");
  CHECK(word(0.329) == "small");
  CHECK(word(0.33) == "medium");
  CHECK(word(-0.473) == "medium");
  CHECK(word(0.474) == "large");
  CHECK(word(-1) == "large");
}

}  // namespace
}  // namespace kelvin::test
