#pragma once

#include "emulator/sandbox/control_groups.hpp"
#include "emulator/sandbox/cpu_throttle.hpp"
#include "emulator/sandbox/memory_group.hpp"
#include "emulator/sandbox/sandbox.hpp"
#include "emulator/sandbox/tree_pause.hpp"

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

namespace kelvin {

/// What a process tree may use, put into force by what this machine has: control groups, else stopping
/// and continuing (CPU; memory is then left to who samples it).
class process_limits {
 public:
  struct tree {
    pid_t reaper = 0;  ///< takes in the tree's orphans and is not limited itself
    pid_t group = 0;   ///< the keeper whose control groups the tree is in; 0: in none
  };

  /// `on_memory_exhausted` is called from the loop, at most once, with every process of the tree killed.
  process_limits(executor loop, const resource_limits& wanted, const control_groups& groups, tree limited,
                 std::shared_ptr<kept_tmp> tmp, std::function<void()> on_memory_exhausted);
  ~process_limits();
  process_limits(const process_limits&) = delete;
  process_limits& operator=(const process_limits&) = delete;

  void enter(activity now);
  /// Whether the kernel itself has killed a process for its memory.
  bool memory_has_killed() const;
  /// No limit from here on, enter() included, so that the tree and its keeper come to their end.
  void lift();

 private:
  void limit_memory(executor loop, std::uint64_t bytes, std::string folder, int version, std::shared_ptr<kept_tmp> tmp,
                    std::function<void()> on_memory_exhausted);
  void set_quota(bool limited);

  resource_limits wanted_;
  tree tree_;
  tree_pause pause_;
  std::string cpu_folder_;  ///< of the tree's control group; empty: none
  int cpu_version_ = 0;
  bool quota_set_ = false;
  bool lifted_ = false;
  std::shared_ptr<cpu_throttle> throttle_;
  std::shared_ptr<memory_group> memory_;
};

}  // namespace kelvin
