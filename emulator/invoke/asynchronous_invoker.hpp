#pragma once

#include "emulator/invoke/invocation_request.hpp"

namespace kelvin {

/// The seam between the front doors and the queue of asynchronous invocations.
class asynchronous_invoker {
 public:
  enum class verdict {
    accepted,    ///< the event will be invoked; its outcome goes to nobody who waits
    queue_full,  ///< the queue holds as many events or bytes as it may
    stopping,    ///< kelvin is ending
  };

  virtual ~asynchronous_invoker() = default;
  /// Takes an event; never waits. Precondition: the event has at most
  /// limits::asynchronous_event_bytes.
  virtual verdict accept(invocation_request request) = 0;
};

}  // namespace kelvin
