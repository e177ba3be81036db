#pragma once

#include "emulator/app/control_endpoints.hpp"
#include "emulator/frontdoor/invoke_api/invoke_handler.hpp"
#include "emulator/gateway/gateway.hpp"
#include "runtime-api/http/exchange.hpp"
#include "runtime-api/http/host_check.hpp"

namespace kelvin {

/// The callers' port: checks who asks, then passes each request to the door it belongs to.
class front_door {
 public:
  front_door(invoke_api& invoke, control_endpoints& control, gateway& apis, http::host_policy hosts)
      : invoke_(invoke), control_(control), apis_(apis), hosts_(std::move(hosts)) {}

  awaitable<void> handle(http::exchange& exchange);

 private:
  invoke_api& invoke_;
  control_endpoints& control_;
  gateway& apis_;
  http::host_policy hosts_;
};

}  // namespace kelvin
