#include "emulator/lab/regression_gate.hpp"

#include "emulator/lab/number_text.hpp"
#include "emulator/lab/shift_estimate.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace kelvin::lab {
namespace {

constexpr double power_wanted = 0.9;
constexpr double max_regression_max = 10;

result<void> check(const sample_set& baseline, const sample_set& candidate, const gate_options& options) {
  if (baseline.size() < 2 || candidate.size() < 2) {
    return fail(errc::invalid_argument, std::string("the ") + (baseline.size() < 2 ? "baseline" : "target") +
                                            " has one start only; a comparison wants at least 2, better 20");
  }
  if (!(options.max_regression >= 0 && options.max_regression <= max_regression_max)) {
    return fail(errc::invalid_argument, "the regression that is allowed is 0% to 1000%");
  }
  if (!(options.confidence >= 0.5 && options.confidence < 1) || options.comparisons == 0) {
    return fail(errc::invalid_argument,
                "the gate's confidence is at least 0.5 and under 1, for one comparison or more");
  }
  return {};
}

std::optional<std::size_t> whole_starts(double starts, std::size_t at_least) {
  if (!(starts <= static_cast<double>(samples_max))) {
    return std::nullopt;
  }
  const auto whole = std::max(static_cast<std::size_t>(std::ceil(starts)), at_least);
  return whole <= samples_max ? std::optional(whole) : std::nullopt;
}

/// By Noether's formula for the rank test: m and n samples find a value of P(candidate > limit·baseline) that is
/// `distance` from one half when 1/m + 1/n <= 12·distance² / (z of the test + z of the power)².
void estimate_starts(gate_decision& decision, const sample_set& baseline, const sample_set& candidate) {
  std::vector<double> limit(baseline.sorted().begin(), baseline.sorted().end());
  for (double& value : limit) {
    value *= 1 + decision.max_regression;
  }
  const auto at_limit = sample_set::of(limit);
  if (!at_limit) {
    return;
  }
  const boost::math::normal normal;
  const double z =
      boost::math::quantile(normal, (1 + decision.confidence) / 2) + boost::math::quantile(normal, power_wanted);
  const double distance = compare_ranks(candidate, *at_limit).first_greater - 0.5;
  const double reciprocals = 12 * distance * distance / (z * z);
  const std::size_t more = std::min(baseline.size(), candidate.size()) + 1;
  decision.starts_of_both = whole_starts(2 / reciprocals, more);
  const double left = reciprocals - 1 / static_cast<double>(baseline.size());
  decision.starts_of_candidate = left > 0 ? whole_starts(1 / left, candidate.size() + 1) : std::nullopt;
}

std::string starts_text(const gate_decision& decision) {
  std::string text = "; measured were " + std::to_string(decision.candidate_starts) + " starts against " +
                     std::to_string(decision.baseline_starts) + ", ";
  if (decision.starts_of_candidate) {
    return text + "about " + std::to_string(*decision.starts_of_candidate) + " against this baseline would decide";
  }
  if (decision.starts_of_both) {
    return text + "about " + std::to_string(*decision.starts_of_both) +
           " of both would decide (the baseline has too few: make it anew)";
  }
  return text + "and even " + std::to_string(samples_max) + " of both would hardly decide, so near is it to the limit";
}

}  // namespace

result<gate_decision> decide_regression(const sample_set& baseline, const sample_set& candidate,
                                        const gate_options& options) {
  if (auto checked = check(baseline, candidate, options); !checked) {
    return checked.error();
  }
  gate_decision decision;
  decision.max_regression = options.max_regression;
  decision.confidence = 1 - (1 - options.confidence) / static_cast<double>(options.comparisons);
  const auto ratio = estimate_ratio(candidate, baseline, decision.confidence);
  if (!ratio) {
    return ratio.error();
  }
  decision.ratio = *ratio;
  decision.baseline_median = baseline.median();
  decision.candidate_median = candidate.median();
  decision.baseline_starts = baseline.size();
  decision.candidate_starts = candidate.size();
  decision.difference = compare_ranks(candidate, baseline);
  const double limit = 1 + options.max_regression;
  decision.verdict = ratio->low > limit     ? gate_verdict::regression
                     : ratio->high <= limit ? gate_verdict::none
                                            : gate_verdict::undecided;
  if (decision.verdict == gate_verdict::undecided) {
    estimate_starts(decision, baseline, candidate);
  }
  return decision;
}

std::string describe(const gate_decision& decision) {
  std::string text = decision.verdict == gate_verdict::none         ? "no regression"
                     : decision.verdict == gate_verdict::regression ? "regression"
                                                                    : "undecided";
  text += ": " + short_number(decision.ratio.estimate) + " times the baseline's " +
          short_number(decision.baseline_median) + " ms (" + short_number(decision.confidence * 100) + " % interval ";
  text += std::isfinite(decision.ratio.high)
              ? short_number(decision.ratio.low) + " to " + short_number(decision.ratio.high)
              : "unknown, too few starts";
  text += ", allowed " + short_number(1 + decision.max_regression) + ")";
  return decision.verdict == gate_verdict::undecided ? text + starts_text(decision) : text;
}

int exit_status(gate_verdict verdict) noexcept {
  switch (verdict) {
    case gate_verdict::none: return 0;
    case gate_verdict::regression: return 1;
    case gate_verdict::undecided: break;
  }
  return 4;
}

std::string_view name_of(gate_verdict verdict) noexcept {
  switch (verdict) {
    case gate_verdict::none: return "none";
    case gate_verdict::regression: return "regression";
    case gate_verdict::undecided: break;
  }
  return "undecided";
}

result<double> read_percent(std::string_view text) {
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  rest.remove_prefix(rest.starts_with(' ') ? 1 : 0);
  if (error != std::errc() || rest != "%" || !(percent >= 0 && percent <= max_regression_max * 100)) {
    return fail(errc::invalid_argument,
                "`" + std::string(text) + "` is no share; write one of 0% to 1000%, such as 10%");
  }
  return percent / 100;
}

}  // namespace kelvin::lab
