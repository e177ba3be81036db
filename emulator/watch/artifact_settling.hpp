#pragma once

#include "emulator/watch/artifact_facts.hpp"
#include "runtime-api/base/clock.hpp"

#include <optional>
#include <string_view>

namespace kelvin {

enum class settle_verdict {
  ready,  ///< may be used now; whether it can run is for the check of the bootstrap to say
  wait,
  gone,  ///< there is nothing; the next event tells when there is
};

/// Why a look at an artifact ended in `wait`.
enum class settle_reason { none, written, cut_short, empty, not_executable, not_seen_twice };

struct settle_decision {
  settle_verdict verdict = settle_verdict::ready;
  settle_reason reason = settle_reason::none;
  std::optional<steady_time> look_again;  ///< nullopt while waiting: only a new event makes for another look
};

/// What the user reads after "waiting for FILE: ": what is the matter and what would end it.
std::string_view describe(settle_reason reason);

/// When a changed artifact may be used: a decision without I/O. One round begins with each report of a change, after
/// its events have gone quiet, and has one look at once and one at each `look_again`.
class artifact_settling {
 public:
  explicit artifact_settling(artifact_kind kind) : kind_(kind) {}

  /// A change was reported: the next look is the first of a new round.
  void restart();
  /// Decides by the facts of one look, taken at `now`.
  settle_decision look(const artifact_facts& facts, steady_time now);

 private:
  settle_reason find_reason(const artifact_facts& facts) const;

  artifact_kind kind_;
  std::optional<steady_time> begun_;
  std::optional<artifact_facts> last_;
  duration next_wait_{};
};

/// Whether an artifact's facts alone forbid its use: somebody writes it, it is empty or cut short.
settle_reason find_obstacle(const artifact_facts& facts, artifact_kind kind);

}  // namespace kelvin
