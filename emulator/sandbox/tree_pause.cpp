#include "emulator/sandbox/tree_pause.hpp"

#include "emulator/sandbox/process_tree.hpp"

#include <algorithm>
#include <csignal>
#include <vector>

namespace kelvin {
namespace {

/// A process that forks while its tree is being stopped leaves one more to be found; each round finds
/// those of the round before. Only a fork bomb needs more.
constexpr int rounds = 8;

}  // namespace

void tree_pause::pause() {
  if (paused_) {
    return;
  }
  paused_ = true;
  std::vector<pid_t> stopped;
  for (int round = 0; round < rounds; ++round) {
    bool found = false;
    for (const pid_t process : descendants_of(reaper_)) {
      if (std::find(stopped.begin(), stopped.end(), process) == stopped.end()) {
        found = ::kill(process, SIGSTOP) == 0 || found;
        stopped.push_back(process);
      }
    }
    if (!found) {
      return;
    }
  }
}

void tree_pause::resume() {
  if (!paused_) {
    return;
  }
  paused_ = false;
  signal_descendants(reaper_, SIGCONT);
}

}  // namespace kelvin
