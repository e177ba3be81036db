#pragma once

#include "emulator/lab/interval.hpp"
#include "emulator/lab/rank_test.hpp"
#include "emulator/lab/sample_set.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin::lab {

struct gate_options {
  double max_regression = 0.1;  ///< 0 … 10: how much slower, as a share of the baseline, is still allowed
  double confidence = 0.95;     ///< at least 0.5, under 1
  std::size_t comparisons = 1;  ///< how many are decided in this run; the claim holds for all of them together
};

enum class gate_verdict { none, regression, undecided };

/// What `--max-regression` decided, and by which figures.
struct gate_decision {
  gate_verdict verdict = gate_verdict::undecided;
  /// How many times as long the candidate takes, with the interval that decided.
  interval ratio;
  double max_regression = 0;
  double confidence = 0;  ///< of this one interval, stricter than the option's where there are several comparisons
  double baseline_median = 0;
  double candidate_median = 0;
  std::size_t baseline_starts = 0;
  std::size_t candidate_starts = 0;
  /// Of the candidate (first) against the baseline: whether they differ at all, and how much.
  rank_test difference;
  /// Undecided only: with so many starts of each the verdict falls in about nine of ten runs, if what was measured is
  /// about the truth. nullopt: more than `samples_max` would not do, the ratio is too near the limit.
  std::optional<std::size_t> starts_of_both;
  /// Undecided only: the same for starts of the candidate beside the baseline as it is. nullopt: the baseline has too
  /// few for that.
  std::optional<std::size_t> starts_of_candidate;
};

/// Whether the candidate is slower than the baseline by more than is allowed.
///
/// Tested is the factor between the two (Hodges and Lehmann's ratio with the interval of Mann and Whitney's test)
/// against the limit 1 + max_regression: the whole interval above it is a regression, the whole interval at or below
/// it is none, everything else is undecided. Where the two distributions differ by a factor only, a regression is
/// reported with a probability of at most (1 - confidence)/2 while the true factor is at or below the limit (2.5 % at
/// 0.95; of equal code under a limit over 0 % far less), and as rarely none while it is above. Nothing is assumed
/// about the shape of the distributions. What the test cannot see is a machine that was in another state when the
/// baseline was made.
///
/// invalid_argument: fewer than 2 samples on a side, samples that are not over 0, options out of range.
result<gate_decision> decide_regression(const sample_set& baseline, const sample_set& candidate,
                                        const gate_options& options);

/// One sentence for people, such as "no regression: 0.98 times the baseline's 12.4 ms (95 % interval 0.96 to 1.01,
/// allowed 1.1)"; of an undecided one with the number of starts that would decide.
std::string describe(const gate_decision& decision);

/// bench's exit status: 0, 1 for a regression, 4 for undecided.
int exit_status(gate_verdict verdict) noexcept;

std::string_view name_of(gate_verdict verdict) noexcept;

/// A share such as "10%" or "7.5 %": 0.1, 0.075. invalid_argument: no number with a percent sign, or out of 0 … 1000.
result<double> read_percent(std::string_view text);

}  // namespace kelvin::lab
