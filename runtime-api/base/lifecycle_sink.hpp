#pragma once

#include "runtime-api/base/lifecycle_event.hpp"

namespace kelvin {

/// Where lifecycle events fall to. Modules receive a reference; nothing depends on who listens.
class lifecycle_sink {
 public:
  virtual ~lifecycle_sink() = default;
  /// Must not block and must not call back into who reports.
  virtual void report(const lifecycle_event& event) = 0;
};

}  // namespace kelvin
