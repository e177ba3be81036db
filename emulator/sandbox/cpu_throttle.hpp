#pragma once

#include "emulator/sandbox/keeper_link.hpp"
#include "emulator/sandbox/token_bucket.hpp"
#include "emulator/sandbox/tree_pause.hpp"
#include "emulator/sandbox/tree_usage.hpp"
#include "runtime-api/base/awaitable.hpp"

#include <sys/types.h>

#include <memory>

namespace kelvin {

/// Holds a process tree to its share of CPU where no control group can: looks at what it has used and
/// stops and continues it (token_bucket). Works, and looks, between begin() and end() only.
class cpu_throttle : public std::enable_shared_from_this<cpu_throttle> {
 public:
  /// `reaper` as for tree_meter. `pause` outlives the throttling.
  cpu_throttle(executor loop, pid_t reaper, tree_pause& pause, duration quota);

  void begin();
  /// The tree runs freely from here on.
  void end();

 private:
  void look();
  void look_at(steady_time due);

  tree_meter meter_;
  tree_pause& pause_;
  token_bucket bucket_;
  deadline_timer timer_;
  bool active_ = false;
  bool measured_ = false;  ///< before
};

}  // namespace kelvin
