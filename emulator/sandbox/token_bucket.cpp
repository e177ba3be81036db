#include "emulator/sandbox/token_bucket.hpp"

#include <algorithm>
#include <cstdint>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

/// A tree that does nothing is looked at ever more seldom, up to this: what it uses meanwhile when it
/// goes on is owed.
constexpr duration longest_pause = 5ms;
/// Nobody can be stopped more exactly than a timer fires.
constexpr duration shortest_pause = 100us;

}  // namespace

void token_bucket::begin(steady_time now, duration used) noexcept {
  // Periods go on between two invocations: short ones in a row share what a period has.
  if (refill_due_ == steady_time{}) {
    tokens_ = quota_;
    refill_due_ = now + period_;
  } else {
    refill(now);
  }
  used_ = used;
  pause_ = duration::zero();
}

void token_bucket::refill(steady_time now) noexcept {
  if (now < refill_due_) {
    return;
  }
  const auto periods = 1 + (now - refill_due_) / period_;
  refill_due_ += periods * period_;
  // Compared before it is multiplied: a debt is small, a time without invocations may be long.
  const auto needed = 1 + (quota_ - tokens_) / quota_;
  tokens_ = std::min(quota_, tokens_ + std::min<std::int64_t>(periods, needed) * quota_);
}

token_bucket::decision token_bucket::look(steady_time now, duration used, unsigned threads) noexcept {
  const duration spent = std::max(used - used_, duration::zero());
  used_ = std::max(used, used_);
  tokens_ -= spent;
  refill(now);
  if (tokens_ <= duration::zero()) {
    const auto further_periods = -tokens_ / quota_;
    pause_ = duration::zero();
    return {false, refill_due_ + further_periods * period_};
  }
  const unsigned parallel = std::clamp(threads, 1u, processors_);
  pause_ = spent > shortest_pause ? duration::zero() : std::min(2 * std::max(pause_, shortest_pause), longest_pause);
  return {true, now + std::max({tokens_ / parallel, pause_, shortest_pause})};
}

}  // namespace kelvin
