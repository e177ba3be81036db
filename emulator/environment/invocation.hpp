#pragma once

#include "emulator/invoke/caller_patience.hpp"
#include "emulator/invoke/invocation_outcome.hpp"
#include "emulator/invoke/invocation_request.hpp"
#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/one_shot.hpp"

#include <functional>

namespace kelvin {

/// One invocation on its way through the emulator: what was asked, and the place of the answer.
/// Shared by who waits for the answer and the execution environment that makes it.
class invocation final : public abandonable {
 public:
  explicit invocation(invocation_request given) : request(std::move(given)) {}

  /// The outcome; a service_failure if abandon() came first. Wait once.
  awaitable<invocation_outcome> wait() { return outcome_.wait(); }
  bool abandon() override;
  /// Precondition: not finished.
  void finish(invocation_outcome outcome);

  bool is_finished() const noexcept { return finished_; }
  /// Has it called when an abandoned invocation is finished. Precondition: abandoned, not finished.
  void when_finished(std::function<void()> late) { late_ = std::move(late); }

  invocation_request request;
  /// An answer that waits for REPORT because the caller wants the log's end.
  std::optional<invocation_outcome> held_outcome;

 private:
  one_shot<invocation_outcome> outcome_;
  bool finished_ = false;
  std::function<void()> late_;
};

}  // namespace kelvin
