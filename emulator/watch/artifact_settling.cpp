#include "emulator/watch/artifact_settling.hpp"

#include "emulator/watch/watch_limits.hpp"

#include <algorithm>

namespace kelvin {

std::string_view describe(settle_reason reason) {
  switch (reason) {
    case settle_reason::none: break;
    case settle_reason::written: return "a program still has it open for writing";
    case settle_reason::cut_short:
      return "it is cut short: its own headers name bytes that it does not have; build it again if nothing writes it";
    case settle_reason::empty: return "it is empty; build it again if nothing writes it";
    case settle_reason::not_executable: return "it is not executable";
    case settle_reason::not_seen_twice: return "it may still be changing";
  }
  return "";
}

settle_reason find_obstacle(const artifact_facts& facts, artifact_kind kind) {
  if (!facts.is_regular || kind == artifact_kind::document) {
    return settle_reason::none;
  }
  if (facts.writer == writer_state::open) {
    return settle_reason::written;
  }
  if (facts.size_bytes == 0) {
    return settle_reason::empty;
  }
  return facts.whole == wholeness::incomplete ? settle_reason::cut_short : settle_reason::none;
}

void artifact_settling::restart() {
  begun_.reset();
  last_.reset();
}

settle_reason artifact_settling::find_reason(const artifact_facts& facts) const {
  if (const settle_reason obstacle = find_obstacle(facts, kind_); obstacle != settle_reason::none) {
    return obstacle;
  }
  if (!facts.is_regular || kind_ == artifact_kind::document) {
    return settle_reason::none;
  }
  if (kind_ == artifact_kind::program && !facts.is_executable) {
    return settle_reason::not_executable;
  }
  // Quiet events and nobody who writes: that is enough. Who cannot know about writers looks twice, and who has looked
  // before wants to see the same again.
  const bool is_sure = facts.writer == writer_state::none && !last_;
  return is_sure || last_ == facts ? settle_reason::none : settle_reason::not_seen_twice;
}

settle_decision artifact_settling::look(const artifact_facts& facts, steady_time now) {
  if (!facts.exists) {
    restart();
    return {settle_verdict::gone, settle_reason::none, std::nullopt};
  }
  if (!begun_) {
    begun_ = now;
    next_wait_ = limits::settle_first_wait;
  }
  const bool has_patience = now - *begun_ < limits::settle_patience;
  const settle_reason reason = find_reason(facts);
  // Nobody makes it executable: then the check of the bootstrap says what to do.
  if (reason == settle_reason::none || (reason == settle_reason::not_executable && !has_patience)) {
    restart();
    return {settle_verdict::ready, settle_reason::none, std::nullopt};
  }
  last_ = facts;
  if (!has_patience) {
    return {settle_verdict::wait, reason, std::nullopt};
  }
  const duration wait = next_wait_;
  next_wait_ = std::min<duration>(next_wait_ * 2, limits::settle_longest_wait);
  return {settle_verdict::wait, reason, now + wait};
}

}  // namespace kelvin
