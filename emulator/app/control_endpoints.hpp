#pragma once

#include "emulator/function/function_registry.hpp"
#include "emulator/observability/metrics.hpp"
#include "emulator/observability/status_board.hpp"
#include "emulator/scheduler/scheduler.hpp"
#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/http/exchange.hpp"

namespace kelvin {

/// `/_kelvin/health`, `/_kelvin/functions` and `/_kelvin/metrics`: what kelvin tells about itself.
class control_endpoints {
 public:
  control_endpoints(const function_registry& registry, const scheduler& running, const metrics& counted,
                    const status_board& statuses)
      : registry_(registry), scheduler_(running), metrics_(counted), statuses_(statuses) {}

  static bool owns(const http::request_head& head) noexcept;
  /// Answers if the path begins with `/_kelvin/`; false: it is not one of these.
  awaitable<bool> handle(http::exchange& exchange);

 private:
  std::string functions_body() const;

  const function_registry& registry_;
  const scheduler& scheduler_;
  const metrics& metrics_;
  const status_board& statuses_;
};

}  // namespace kelvin
