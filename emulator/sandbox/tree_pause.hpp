#pragma once

#include <sys/types.h>

namespace kelvin {

/// Stops and continues all processes below one, which itself goes on. SIGSTOP and SIGCONT need no right
/// and no control group, and a stopped process can still be killed.
class tree_pause {
 public:
  explicit tree_pause(pid_t reaper) noexcept : reaper_(reaper) {}

  bool paused() const noexcept { return paused_; }
  void pause();
  void resume();

 private:
  pid_t reaper_;
  bool paused_ = false;
};

}  // namespace kelvin
