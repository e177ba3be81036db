#pragma once

#include "emulator/invoke/invoker.hpp"
#include "runtime-api/base/limits.hpp"

#include <optional>

namespace kelvin {

/// Passes invocations on. When it is asked to, it keeps a copy of the last one's event, at most limits::event_bytes,
/// so that it can be invoked again; else it copies nothing.
class remembering_invoker final : public invoker {
 public:
  explicit remembering_invoker(invoker& next) : next_(next) {}

  void begin_remembering() noexcept { remembers_ = true; }
  /// The last invocation as a new one: with a request ID and a trace of its own, the answer collected. Nothing: there
  /// was none since begin_remembering(), or its event is larger than what is kept.
  std::optional<invocation_request> last_again() const;

  awaitable<invocation_outcome> invoke(invocation_request request) override;

 private:
  invoker& next_;
  bool remembers_ = false;
  std::optional<invocation_request> last_;
};

}  // namespace kelvin
