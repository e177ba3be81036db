#include "emulator/sandbox/process_limits.hpp"

#include "emulator/sandbox/cpu_share.hpp"
#include "emulator/sandbox/process_tree.hpp"

#include <csignal>
#include <utility>

namespace kelvin {
process_limits::process_limits(executor loop, const resource_limits& wanted, const control_groups& groups, tree limited,
                               std::shared_ptr<kept_tmp> tmp, std::function<void()> on_memory_exhausted)
    : wanted_(wanted), tree_(limited), pause_(limited.reaper) {
  const bool grouped = limited.group != 0;
  if (const auto version = groups.version(group_controller::memory); wanted.memory_bytes && grouped && version) {
    limit_memory(loop, *wanted.memory_bytes, groups.folder(group_controller::memory, limited.group), *version,
                 std::move(tmp), std::move(on_memory_exhausted));
  }
  if (!wanted.cpu_quota) {
    return;
  }
  if (const auto version = groups.version(group_controller::cpu); grouped && version) {
    cpu_folder_ = groups.folder(group_controller::cpu, limited.group);
    cpu_version_ = *version;
  } else {
    throttle_ = std::make_shared<cpu_throttle>(loop, limited.reaper, pause_, *wanted.cpu_quota);
  }
}

process_limits::~process_limits() {
  lift();
}

void process_limits::limit_memory(executor loop, std::uint64_t bytes, std::string folder, int version,
                                  std::shared_ptr<kept_tmp> tmp, std::function<void()> on_memory_exhausted) {
  memory_ = std::make_shared<memory_group>(loop, std::move(folder), version, bytes, std::move(tmp),
                                           [this, told = std::move(on_memory_exhausted)] {
                                             // Whoever waits for memory never gets it; only then may the others.
                                             signal_descendants(tree_.reaper, SIGKILL);
                                             memory_->lift();
                                             told();
                                           });
  if (!memory_->start()) {
    memory_.reset();
  }
}

void process_limits::enter(activity now) {
  if (lifted_) {
    return;
  }
  if (now == activity::ending) {
    signal_descendants(tree_.reaper, SIGKILL);
    return;
  }
  const bool invoking = now == activity::invoke;
  if (throttle_ && !invoking) {
    throttle_->end();
  }
  if (wanted_.frozen_when_idle && now == activity::idle) {
    pause_.pause();
  } else {
    pause_.resume();
  }
  if (invoking) {
    set_quota(true);
  }
  if (throttle_ && invoking) {
    throttle_->begin();
  }
}

void process_limits::set_quota(bool limited) {
  if (cpu_folder_.empty() || limited == std::exchange(quota_set_, limited)) {
    return;
  }
  const std::string period = std::to_string(cpu_period.count());
  const std::string quota = std::to_string(wanted_.cpu_quota->count());
  if (cpu_version_ == 2) {
    write_group_file(cpu_folder_ + "/cpu.max", (limited ? quota : std::string("max")) + " " + period);
    return;
  }
  if (limited) {
    write_group_file(cpu_folder_ + "/cpu.cfs_period_us", period);
  }
  write_group_file(cpu_folder_ + "/cpu.cfs_quota_us", limited ? quota : std::string("-1"));
}

bool process_limits::memory_has_killed() const {
  return memory_ && memory_->has_killed();
}

void process_limits::lift() {
  if (std::exchange(lifted_, true)) {
    return;
  }
  if (throttle_) {
    throttle_->end();
  }
  pause_.resume();
  set_quota(false);
  if (memory_) {
    memory_->lift();
  }
}

}  // namespace kelvin
